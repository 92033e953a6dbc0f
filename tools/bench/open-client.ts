import { Client, Connection } from '@temporalio/client';
import { createCallLimits } from '../../src/temporal/call-limits.js';
import type { BenchParts } from './parts.js';

/**
 * A plain Temporal client, closed with the parts: calls that are being tried then, as after Ctrl-C,
 * end with it.
 */
export async function openClient({ cleanUp }: Pick<BenchParts, 'cleanUp'>, address: string): Promise<Client> {
  // A call that waits for a run to end is repeated after its deadline; no other call here takes so
  // long.
  const limits = createCallLimits({ callTimeoutMs: 120_000 });
  const connection = await Connection.connect({ address, interceptors: limits.interceptors });
  cleanUp.add(() => {
    limits.end();
    return connection.close();
  });
  return new Client({ connection });
}
