import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SMS_LIST_STATUSES } from '../../src/client/send-filter.js';
import { ROOT } from '../support/run-node.js';
import { readDocument, tableRowsOf } from './markdown.js';

const SOURCES = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readDocument(`src/${file}`))
  .join('\n');

/**
 * What a quoted sentence says in its own words: an ellipsis, and what follows a colon, stand for
 * something else.
 */
function quotedIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)]
    .flatMap(([, quote = '']) => quote.replace(/: .*/, '').split('…'))
    .map((part) => part.trim())
    .filter((part) => part.length > 5);
}

function sectionOf(document: string, heading: string): string {
  const [section = ''] = document.split(`\n## ${heading}\n`)[1]?.split('\n## ') ?? [];
  return section;
}

describe('docs/runbook.md', () => {
  const runbook = readDocument('docs/runbook.md');

  it('quotes the reasons for holding a run literally', () => {
    const quotes = tableRowsOf(sectionOf(runbook, 'Held sends')).flatMap(([reason = '']) => quotedIn(reason));
    assert.ok(quotes.length > 8);
    for (const quote of quotes) assert.ok(SOURCES.includes(quote), quote);
  });

  it('explains every status that a list can be filtered by', () => {
    const explained = tableRowsOf(sectionOf(runbook, "I have a lead's id"))
      .flatMap(([status = '']) => [...status.matchAll(/`([a-z-]+)`/g)])
      .map(([, status]) => status);
    const expected = SMS_LIST_STATUSES.filter((status) => status !== 'resent');
    assert.deepEqual(explained.toSorted(), expected.toSorted());
  });
});
