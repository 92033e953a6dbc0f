import { Client, Connection } from '@temporalio/client';
import { createEndOfCalls } from '../src/client/end-of-calls.js';
import type { BenchParts } from './parts.js';

/** A plain Temporal client, closed with the parts: calls that are being tried then, as after Ctrl-C, end with it. */
export async function openClient({ cleanUp }: Pick<BenchParts, 'cleanUp'>, address: string): Promise<Client> {
  const calls = createEndOfCalls(undefined);
  const connection = await Connection.connect({ address, interceptors: calls.interceptors });
  cleanUp.add(() => {
    calls.end();
    return connection.close();
  });
  return new Client({ connection });
}
