import assert from 'node:assert/strict';
import { readAddress } from '../../src/db/address/read-address.js';
import { openPool } from '../../src/db/pool.js';
import { freePort } from '../../tools/servers/free-port.js';

describe('a pool', () => {
  it('connects again after connections that failed, more of them than it may have', async () => {
    const address = readAddress(`postgres://web_app:secret@127.0.0.1:${await freePort()}/web_app`);
    const pool = openPool(address, {
      max: 2,
      connectMs: 5_000,
      applicationName: 'test',
      settings: ['SET LOCAL statement_timeout = 1000'],
    });
    const codeOfRun = () =>
      pool.run('SELECT 1').then(
        () => 'answered',
        (error: unknown) => (error as NodeJS.ErrnoException).code,
      );
    for (let tries = 0; tries < 3; tries++) assert.equal(await codeOfRun(), 'ECONNREFUSED');
    // More at once than there are connections: none waits for ever.
    assert.deepEqual(await Promise.all([1, 2, 3, 4, 5].map(codeOfRun)), Array(5).fill('ECONNREFUSED'));
    await pool.close(0);
  });
});
