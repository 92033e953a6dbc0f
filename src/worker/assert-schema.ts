import type { Database } from '../db/database.js';
import { checkSchema, type SchemaCheck } from '../db/policies/check-schema.js';
import type { createLog } from '../observability/log.js';
import { StartError } from '../run-process.js';

type Log = ReturnType<typeof createLog>;

/**
 * Refuses to start where PostgreSQL says that it lacks what the policies need; waits where it is
 * away.
 */
export async function assertSchema(database: Database, log: Pick<Log, 'warn'>): Promise<void> {
  const check = await checkSchema(database);
  if (check === 'current') return;
  if (check === 'unavailable') {
    log.warn('PostgreSQL does not answer: whether the schema durable_sms is up to date is not known');
    return;
  }
  throw new StartError(SCHEMA_PROBLEMS[check]);
}

const SCHEMA_PROBLEMS: Readonly<Record<Exclude<SchemaCheck, 'current' | 'unavailable'>, string>> = {
  missing:
    'The database of DATABASE_URL lacks the schema durable_sms. Create it with: npx durable-sms setup (or set SMS_POLICIES=off to send without opt-outs, hours and limits).',
  older: 'The schema durable_sms is older than this build. Bring it up to date with: npx durable-sms setup',
  denied:
    'The role of DATABASE_URL may not read the schema durable_sms. Allow it with: npx durable-sms setup --grant ROLE',
  standby:
    'The database of DATABASE_URL is a standby, which takes no writes: name the primary server, or set SMS_POLICIES=off.',
};
