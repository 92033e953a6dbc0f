import { Connection } from '@temporalio/client';
import { Command } from 'commander';
import { translateTemporalError } from '../client/temporal-errors.js';
import { readRetentionMs } from '../setup/retention.js';
import { registerSearchAttributes } from '../setup/search-attributes.js';

import { loadCliTemporalConfig } from './open-client.js';

const DAY_MS = 24 * 60 * 60_000;

/** Closed runs are what idempotency keys and the owners of messages are known by. */
const RECOMMENDED_RETENTION_MS = 7 * DAY_MS;

/** `sms setup`. */
export function setupCommand(): Command {
  return new Command('setup')
    .description(
      'register the search attributes that the worker needs, in the namespace of TEMPORAL_NAMESPACE',
    )
    .action(async () => {
      const { connectionOptions, namespace } = loadCliTemporalConfig();
      const connection = Connection.lazy(connectionOptions);
      try {
        const registered = await registerSearchAttributes(connection, namespace);
        console.log(
          registered.length === 0
            ? `Namespace ${namespace} has all search attributes.`
            : `Registered in namespace ${namespace}: ${registered.join(', ')}.`,
        );
        const retentionMs = await readRetentionMs(connection, namespace);
        if (retentionMs < RECOMMENDED_RETENTION_MS) {
          process.stderr.write(`${warningOf(namespace, retentionMs)}\n`);
        }
      } catch (error) {
        throw translateTemporalError(error);
      } finally {
        await connection.close();
      }
    });
}

function warningOf(namespace: string, retentionMs: number): string {
  const days = Number((retentionMs / DAY_MS).toFixed(1));
  return [
    `Warning: namespace ${namespace} keeps closed runs for ${days} ${days === 1 ? 'day' : 'days'} only. After that an idempotency key starts a second`,
    'send, and it is forgotten whose message is whose. Keep them for 7 days at least:',
    `  temporal operator namespace update --namespace ${namespace} --retention 7d`,
  ].join('\n');
}
