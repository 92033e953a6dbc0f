import { Client, Connection } from '@temporalio/client';
import type { BenchParts } from './parts.js';

/** A plain Temporal client, closed with the parts. */
export async function openClient({ cleanUp }: Pick<BenchParts, 'cleanUp'>, address: string): Promise<Client> {
  const connection = await Connection.connect({ address });
  cleanUp.add(() => connection.close());
  return new Client({ connection });
}
