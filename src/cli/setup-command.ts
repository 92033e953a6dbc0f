import { Command } from 'commander';
import { openConnection } from '../temporal/open-connection.js';
import { translateTemporalError } from '../temporal/temporal-errors.js';
import { readRetentionMs } from '../temporal/read-retention.js';
import { SEARCH_ATTRIBUTE_NAMES } from '../domain/names.js';
import { isDenied, registerSearchAttributes, SearchAttributesError } from '../temporal/search-attributes.js';
import { readSetupDatabase } from '../config.js';
import { setUpSchema, type SchemaSetUp } from '../db/policies/set-up-schema.js';
import { EXIT, UsageError } from './cli-error.js';
import type { CliRun } from './cli-run.js';
import { loadCliTemporalConfig, orConfigError } from './open-client.js';

const DAY_MS = 24 * 60 * 60_000;

/** Closed runs are what idempotency keys and the owners of messages are known by. */
const RECOMMENDED_RETENTION_MS = 7 * DAY_MS;

const SETUP_HELP = `
Registers the search attributes in the namespace TEMPORAL_NAMESPACE, and creates the schema
durable_sms in the database of DATABASE_URL, or brings it up to date. Without DATABASE_URL, or with
SMS_POLICIES=off, only the namespace is set up. The role of DATABASE_URL must be allowed to create a
schema; the worker's own role needs less, which --grant gives it.
You can run it again at any time, several at once too.

Example:
  TEMPORAL_NAMESPACE=sms DATABASE_URL="$OWNER_DATABASE_URL" npx durable-sms setup --grant durable_sms

Exit codes: 0 all is set up; 1 Temporal or PostgreSQL could not be reached, or does not allow it
(the search attributes to add by hand are then printed); 2 invalid command line.`;

interface SetupFlags {
  readonly json?: boolean;
  readonly grant?: string;
  readonly wait: number;
}

/** `durable-sms setup`. */
export function setupCommand(cli: CliRun): Command {
  return new Command('setup')
    .description('set up what the worker needs: search attributes in Temporal, a schema in PostgreSQL')
    .option('--grant <role>', 'give this role of PostgreSQL what a worker needs in the schema')
    .option('--wait <seconds>', 'wait for PostgreSQL to answer', readSeconds, 0)
    .option('--json', 'print JSON')
    .addHelpText('after', SETUP_HELP)
    .action(async ({ json, grant, wait }: SetupFlags) => {
      const databaseUrl = readSetupDatabase(cli.env);
      if (grant !== undefined && databaseUrl === undefined) {
        throw new UsageError('--grant needs DATABASE_URL, and SMS_POLICIES must not be off.');
      }
      const schema =
        databaseUrl === undefined
          ? undefined
          : await setUpSchema({
              databaseUrl,
              grantTo: grant,
              waitMs: wait * 1000,
              onWait: ({ message }) => {
                cli.say(`${message} Trying again for ${wait} s.`);
              },
            });
      if (schema !== undefined && json !== true) cli.print(describeSchema(schema));
      const namespace = await setUpNamespace(cli, { quiet: json === true });
      if (schema === undefined) cli.say(NO_DATABASE);
      if (json === true) cli.print(JSON.stringify({ ...namespace, schema: schema ?? null }));
    });
}

function readSeconds(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new UsageError('--wait must be a number of seconds, up to 9999.');
  return Number(text);
}

const NO_DATABASE =
  'The schema durable_sms of PostgreSQL was not set up, as DATABASE_URL is not set or SMS_POLICIES is off.';

function describeSchema(schema: SchemaSetUp): string {
  const { applied, grantedTo } = schema;
  const state = applied === 0 ? 'is up to date' : `was brought up to date (${applied} applied)`;
  return `PostgreSQL: schema durable_sms ${state}.${grantedTo === undefined ? '' : ` Role ${grantedTo} may work with it.`}`;
}

/** Registers what is missing; warns where closed runs are kept too short. */
async function setUpNamespace(
  cli: CliRun,
  { quiet }: { quiet: boolean },
): Promise<{ namespace: string; registered: readonly string[] | null; retentionMs: number }> {
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
    if (registered !== undefined && !quiet) {
      cli.print(
        registered.length === 0
          ? `Namespace ${namespace} has all search attributes.`
          : `Registered in namespace ${namespace}: ${registered.join(', ')}.`,
      );
    }
    const retentionMs = await readRetentionMs(connection, namespace);
    if (retentionMs < RECOMMENDED_RETENTION_MS) cli.say(warningOf(namespace, retentionMs));
    return { namespace, registered: registered ?? null, retentionMs };
  } catch (error) {
    throw translateTemporalError(error);
  } finally {
    await close();
  }
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
