import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import type { Command } from 'commander';
import { createCliRun } from '../../src/cli/cli-run.js';
import { createProgram } from '../../src/cli/run-cli.js';
import { alerts } from '../observability/ops-files.js';
import { captureIo } from '../support/cli-io.js';
import { ROOT } from '../support/run-node.js';
import { anchorsOf, DOCUMENTS, linksOf, pathsOf, readDocument, smsCommandsOf } from './markdown.js';

const COMMANDS: readonly Command[] = createProgram(createCliRun(captureIo())).commands;

/** What of a command line is not known. */
function unknownIn(line: string, commands = COMMANDS): string[] {
  const [name = '', ...rest] = line.split(' ');
  const command = commands.find((one) => one.name() === name);
  if (command === undefined) return [name];
  if (command.commands.length > 0 && /^[a-z]/.test(rest[0] ?? '')) {
    return unknownIn(rest.join(' '), command.commands);
  }
  const known = ['--help', ...command.options.map(({ long }) => long)];
  return (line.match(/--[a-z][a-z-]*/g) ?? []).filter((option) => !known.includes(option));
}

function isDead(document: string, target: string): boolean {
  if (/^[a-z]+:/.test(target)) return false;
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? document : normalize(join(dirname(document), path));
  if (!existsSync(join(ROOT, file))) return true;
  return anchor !== undefined && !anchorsOf(readDocument(file)).includes(anchor);
}

describe('the documents', () => {
  for (const document of DOCUMENTS) {
    it(`${document} has no broken links`, () => {
      const dead = linksOf(readDocument(document)).filter((target) => isDead(document, target));
      assert.deepEqual(dead, []);
    });

    it(`${document} names files that exist`, () => {
      const missing = pathsOf(readDocument(document)).filter((path) => !existsSync(join(ROOT, path)));
      assert.deepEqual(missing, []);
    });

    it(`${document} names commands and options that exist`, () => {
      const wrong = smsCommandsOf(readDocument(document)).filter((line) => unknownIn(line).length > 0);
      assert.deepEqual(wrong, []);
    });
  }

  it('the runbook names the part concerned for each alert', () => {
    const rows = readDocument('docs/runbook.md')
      .split('\n')
      .filter((line) => line.startsWith('|'));
    const anchors = anchorsOf(readDocument('docs/runbook.md'));
    for (const { alert, annotations } of alerts) {
      const [document, anchor = ''] = annotations.runbook_url.split('#');
      assert.equal(document, 'docs/runbook.md', alert);
      assert.ok(anchors.includes(anchor), `${alert}: no part ${anchor}`);
      assert.ok(
        rows.some((row) => row.includes(alert) && row.includes(`(#${anchor})`)),
        `${alert} is not in the table, beside #${anchor}`,
      );
    }
  });

  it('call the command by the package’s name, which npx finds locally', () => {
    const names = COMMANDS.map((command) => command.name()).join('|');
    const wrong = new RegExp(String.raw`npx sms\b|(?<![\w-])sms (?:${names})\b`, 'g');
    const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => `src/${file}`);
    for (const file of [...DOCUMENTS, '.env.example', ...sources])
      assert.deepEqual(readDocument(file).match(wrong) ?? [], [], file);
  });

  it('commands are found in the runbook', () => {
    const names = new Set(smsCommandsOf(readDocument('docs/runbook.md')).map((line) => line.split(' ')[0]));
    for (const name of [
      'list',
      'status',
      'watch',
      'retry',
      'resolve',
      'cancel',
      'audit',
      'setup',
      'accounts',
    ]) {
      assert.ok(names.has(name), name);
    }
  });
});
