import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { SEND_FAULT_KINDS } from '../../tools/simulator/fault-catalog.js';
import { LIST_FAULTS, LISTS } from '../../tools/simulator/list-fault-catalog.js';
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

  it('lists every fault of a list', () => {
    for (const list of Object.keys(LISTS)) assert.ok(page.includes(`\`${list}-…\``), list);
    for (const name of Object.keys(LIST_FAULTS)) assert.ok(page.includes(`\`…-${name}\``), name);
  });
});
