import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { LOG_FAULT_KINDS, SEND_FAULT_KINDS } from '../../tools/simulator/fault-catalog.js';
import { magicNumberFor } from '../../tools/simulator/magic-number.js';

describe('simulator: documentation', () => {
  let page = '';
  before(async () => {
    page = await readFile('docs/simulator.md', 'utf8');
  });

  it('lists every magic number with its kind', () => {
    for (const kind of SEND_FAULT_KINDS) {
      const row = page.split('\n').find((line) => line.includes(`\`${magicNumberFor(kind)}\``));
      assert.ok(row?.includes(`\`${kind}\``), kind);
    }
  });

  it('lists every fault of the list of sent messages', () => {
    for (const kind of LOG_FAULT_KINDS) assert.ok(page.includes(`\`${kind}\``), kind);
  });
});
