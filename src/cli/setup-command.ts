import { Command } from 'commander';
import { openConnection } from '../temporal/open-connection.js';
import { translateTemporalError } from '../temporal/temporal-errors.js';
import { readRetentionMs } from '../temporal/read-retention.js';
import { SEARCH_ATTRIBUTE_NAMES } from '../domain/names.js';
import { isDenied, registerSearchAttributes, SearchAttributesError } from '../temporal/search-attributes.js';
import { EXIT } from './cli-error.js';
import type { CliRun } from './cli-run.js';
import { loadCliTemporalConfig, orConfigError } from './open-client.js';

const DAY_MS = 24 * 60 * 60_000;

/** Closed runs are what idempotency keys and the owners of messages are known by. */
const RECOMMENDED_RETENTION_MS = 7 * DAY_MS;

const SETUP_HELP = `
You can run it again at any time.

Example:
  TEMPORAL_NAMESPACE=sms npx durable-sms setup

Exit codes: 0 all are registered; 1 Temporal could not be reached, or does not allow it
(the names to add by hand are then printed); 2 invalid command line.`;

/** `durable-sms setup`. */
export function setupCommand(cli: CliRun): Command {
  return new Command('setup')
    .description('register the search attributes that the worker needs in the namespace TEMPORAL_NAMESPACE')
    .option('--json', 'print JSON')
    .addHelpText('after', SETUP_HELP)
    .action(async ({ json }: { json?: boolean }) => {
      const { connectionOptions, namespace } = loadCliTemporalConfig(cli);
      const { connection, close } = orConfigError(() =>
        openConnection(connectionOptions, { namespace, callTimeoutMs: cli.callTimeoutMs }),
      );
      try {
        const registered = await registerSearchAttributes(connection, namespace).catch((error: unknown) => {
          cli.exitCode = EXIT.failed;
          if (isDenied(error)) cli.say(namesToAdd(namespace));
          else if (error instanceof SearchAttributesError) cli.say(error.message);
          else throw error;
          return undefined;
        });
        if (registered === undefined) {
          // It was said why.
        } else if (json !== true) {
          cli.print(
            registered.length === 0
              ? `Namespace ${namespace} has all search attributes.`
              : `Registered in namespace ${namespace}: ${registered.join(', ')}.`,
          );
        }
        const retentionMs = await readRetentionMs(connection, namespace);
        if (json === true)
          cli.print(JSON.stringify({ namespace, registered: registered ?? null, retentionMs }));
        if (retentionMs < RECOMMENDED_RETENTION_MS) {
          cli.say(warningOf(namespace, retentionMs));
        }
      } catch (error) {
        throw translateTemporalError(error);
      } finally {
        await close();
      }
    });
}

function namesToAdd(namespace: string): string {
  return [
    `The server does not let clients list or register search attributes; neither does Temporal Cloud. Add those that namespace ${namespace} lacks by hand, in the Cloud UI or with tcld:`,
    ...SEARCH_ATTRIBUTE_NAMES.map((name) => `  ${name}  Keyword`),
  ].join('\n');
}

function warningOf(namespace: string, retentionMs: number): string {
  const days = Number((retentionMs / DAY_MS).toFixed(1));
  return [
    `Warning: namespace ${namespace} keeps closed runs for only ${days} ${days === 1 ? 'day' : 'days'}. After that, an idempotency key can start a second`,
    'send, and Temporal can no longer tell which send owns which provider message. Keep closed runs for at least 7 days:',
    `  temporal operator namespace update --namespace ${namespace} --retention 7d`,
  ].join('\n');
}
