import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { createCliRun } from '../../src/cli/cli-run.js';
import { createProgram } from '../../src/cli/run-cli.js';
import { SMS_CLIENT_ERRORS, SMS_ERRORS } from '../../src/domain/errors.js';
import { captureIo } from '../support/cli-io.js';
import { DOCUMENTS, linksOf, readDocument, smsCommandsOf, tableRowsOf } from './markdown.js';

type Retried = (typeof SMS_ERRORS)[keyof typeof SMS_ERRORS]['retried'];

/** How the table of codes says what becomes of a send. */
const WORDS: Record<Retried, RegExp> = {
  never: /^no$/,
  'until-deadline': /^until the deadline/,
  'after-reconciliation': /\(unknown-outcomes\.md\)/,
};

/** The name of each command, or of each part where a command has some. */
function namesOf(command: Command): string[] {
  const parts = command.commands;
  return parts.length === 0
    ? [command.name()]
    : parts.flatMap(namesOf).map((name) => `${command.name()} ${name}`);
}

describe('docs/errors.md', () => {
  const rows = tableRowsOf(readDocument('docs/errors.md')).filter(([code]) => code?.startsWith('`'));
  const codes = rows.map(([code = '']) => code.replaceAll('`', ''));

  it('has one row for each error code, and no others', () => {
    const known = [...Object.keys(SMS_ERRORS), ...Object.keys(SMS_CLIENT_ERRORS)];
    assert.deepEqual(codes.toSorted(), known.toSorted());
  });

  for (const [code, { retried }] of Object.entries(SMS_ERRORS)) {
    it(`says whether a send with ${code} is retried`, () => {
      assert.match(rows[codes.indexOf(code)]?.[2] ?? '', WORDS[retried]);
    });
  }
});

describe('docs/cli.md', () => {
  it('names every command in its first table', () => {
    const [table = ''] = readDocument('docs/cli.md').split('\n## ');
    const named = smsCommandsOf(table);
    for (const name of createProgram(createCliRun(captureIo())).commands.flatMap(namesOf)) {
      assert.ok(
        named.some((line) => line === name || line.startsWith(`${name} `)),
        name,
      );
    }
  });
});

for (const index of ['docs/README.md', 'docs/adr/README.md']) {
  describe(index, () => {
    it('links every document of its folder', () => {
      const folder = dirname(index);
      const linked = new Set(linksOf(readDocument(index)).map((target) => join(folder, target)));
      const documents = DOCUMENTS.filter((document) => dirname(document) === folder && document !== index);
      assert.ok(documents.length > 15);
      for (const document of documents) assert.ok(linked.has(document), document);
    });
  });
}

describe('README.md', () => {
  it('shows code of a web app by line 10', () => {
    const lines = readDocument('README.md').split('\n');
    assert.ok(lines.slice(0, 10).some((line) => line.startsWith('import ')));
  });
});

describe('test/README.md', () => {
  it('shows an example that is also run', () => {
    const [, example = ''] = /^```ts\n(.*?)^```/ms.exec(readDocument('test/README.md')) ?? [];
    assert.equal(example, readDocument('test/docs/example.integration.test.ts'));
  });
});
