import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../support/run-node.js';

describe('the lockfile of the example web app', () => {
  it('names no registry, and takes the client from this repository', async () => {
    const text = await readFile(join(ROOT, 'examples/web-app/package-lock.json'), 'utf8');
    const { packages } = JSON.parse(text) as { packages: Record<string, { resolved?: string }> };
    const resolved = Object.entries(packages).flatMap(([path, { resolved: from }]) =>
      from === undefined ? [] : [[path, from]],
    );
    assert.deepEqual(resolved, [['node_modules/durable-sms', 'file:../../packed/durable-sms']]);
  });
});
