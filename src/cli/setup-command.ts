import { Connection } from '@temporalio/client';
import { Command } from 'commander';
import { translateTemporalError } from '../client/temporal-errors.js';
import { registerSearchAttributes } from '../setup/search-attributes.js';

import { loadCliTemporalConfig } from './open-client.js';

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
      } catch (error) {
        throw translateTemporalError(error);
      } finally {
        await connection.close();
      }
    });
}
