import { randomBytes, randomUUID } from 'node:crypto';
import postgres from 'postgres';
import type { SmsJob } from '../../src/client.js';
import { DRIVER_OPTIONS } from '../../src/db/driver-options.js';
import type { SmsErrorCode } from '../../src/domain/errors.js';
import { WORKFLOW_TYPE } from '../../src/domain/names.js';
import { addAccount } from '../../tools/dev/demo-account.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { ECHOES, type EchoName } from './echoes.js';
import type { ScenarioSecrets } from './scenario-secrets.js';
import type { World } from './secrecy-world.js';

/** What a scenario has to itself. */
export interface ScenarioContext extends ScenarioSecrets {
  readonly world: World;
  readonly accountId: string;
  readonly job: (changes?: Partial<SmsJob>) => SmsJob;
  /** The provider answers the sends to its number so. */
  readonly echo: (name: EchoName, rule?: { times?: number; taken?: boolean }) => void;
  /** The provider answers for its log so. */
  readonly echoLog: (name: EchoName) => void;
  /** Starts a send through the client's process; returns its workflow id. */
  readonly send: (job: SmsJob, options?: { idempotencyKey?: string; sendAt?: string }) => Promise<string>;
  /** Waits for the end of a run; returns its code, undefined for one that was sent. */
  readonly codeOf: (workflowId: string) => Promise<string | undefined>;
}

/** One scenario; `run` returns the code that it came to. */
export interface Scenario {
  readonly name: string;
  readonly code: SmsErrorCode | undefined;
  readonly run: (context: ScenarioContext) => Promise<string | undefined>;
}

/** Makes what a scenario needs; its account's key is stored encrypted. */
export async function contextOf(world: World, secrets: ScenarioSecrets): Promise<ScenarioContext> {
  const { databaseUrl, encryptionKey, provider } = world;
  const { apiKey, recipientPhone, message } = secrets;
  const accountId = await addAccount(databaseUrl, { apiKey, encryptionKey });
  return {
    ...secrets,
    world,
    accountId,
    job: (changes) => ({ recipientPhone, message, accountId, ...changes }),
    echo: (name, rule = {}) => {
      provider.answerSends(recipientPhone, { ...rule, echo: ECHOES[name] });
    },
    echoLog: (name) => {
      provider.answerLog(apiKey, { echo: ECHOES[name] });
    },
    async send(job, options = {}) {
      const { value, code = '' } = await world.call('send', [job, options]);
      if (typeof value !== 'string') throw new Error(`The send was not started: ${code}.`);
      return value;
    },
    codeOf: async (workflowId) => (await world.call('result', [workflowId])).code,
  };
}

/** Long enough for a worker to begin, short enough for a test. */
const SHORT_CHECKS = { unknownChecksMs: [200, 1_500] };

/** A send that the provider answers so, to its end. */
function answered(
  name: EchoName,
  code: SmsErrorCode | undefined,
  rule: { times?: number; taken?: boolean } = {},
  options: () => SmsJob['options'] = () => ({}),
): Scenario {
  const run = async ({ echo, send, codeOf, job }: ScenarioContext) => {
    echo(name, rule);
    return codeOf(await send(job({ options: { ...SHORT_CHECKS, ...options() } })));
  };
  const suffix = code ?? 'sent in the end';
  return { name: `${name}, ${suffix}`, code, run };
}

/** A run whose job no client of ours would have started. */
function byHand(code: SmsErrorCode, change: (job: SmsJob) => unknown): Scenario {
  const run = async ({ world, job, codeOf }: ScenarioContext) => {
    const workflowId = `by-hand-${randomUUID()}`;
    const args = [change(job())];
    await world.temporal.workflow.start(WORKFLOW_TYPE, { workflowId, taskQueue: world.taskQueue, args });
    return codeOf(workflowId);
  };
  return { name: `by hand, ${code}`, code, run };
}

/** A job that the client refuses. */
function refused(
  what: string,
  code: SmsErrorCode,
  change: (job: SmsJob) => unknown,
  options: object = {},
): Scenario {
  const run = async ({ world, job }: ScenarioContext) =>
    (await world.call('send', [change(job()), options])).code;
  return { name: `refused by the client: ${what}`, code, run };
}

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();

/** Waits until a run stands there. */
export async function statusIs(
  { world }: ScenarioContext,
  workflowId: string,
  wanted: string,
): Promise<void> {
  await waitUntil(
    `a run to be ${wanted}`,
    async () => ((await world.call('status', [workflowId])).value as { status?: string }).status === wanted,
    { everyMs: 500 },
  );
}

/** A run that waits an hour for its next request, and then is ended so. */
function ended(
  name: string,
  code: SmsErrorCode,
  end: (context: ScenarioContext, id: string) => Promise<unknown>,
): Scenario {
  const run = async (context: ScenarioContext) => {
    context.echo('too many, for an hour');
    const workflowId = await context.send(context.job());
    await waitUntil('the wait', async () => {
      const { value } = await context.world.call('inspect', [workflowId]);
      return (value as { awaits?: { what: string } }).awaits?.what === 'time';
    });
    await end(context, workflowId);
    return context.codeOf(workflowId);
  };
  return { name, code, run };
}

/**
 * What a send can meet, and each code that it can end with; each scenario needs a healthy database.
 */
export const COURSES: readonly Scenario[] = [
  answered('accepted', undefined),
  ...(['key in a 401', 'half a key in a 403'] as const).map((name) => answered(name, 'API_KEY_INVALID')),
  answered('page with a 403', undefined, { times: 1 }),
  ...(
    [
      ...(['text in a 400', 'number in a 400', 'a word as code', 'a word in capitals as code'] as const),
      ...([
        'a word in a code',
        'a word in base64 as code',
        'a number in a code',
        'a number in base64 as code',
      ] as const),
      ...(['half a key in base64 as code', 'half a key in a code', 'result with a word as error'] as const),
    ] as const
  ).map((name) => answered(name, 'MESSAGE_SEND_FAILED')),
  answered('phone offline', undefined, { times: 1 }),
  answered('too many', undefined, { times: 1 }),
  answered('phone offline', 'MESSAGE_EXPIRED', {}, () => ({ expiresAt: inSeconds(8) })),
  ...(['page with a 200', 'redirect', 'no HTTP', 'cut off'] as const).map((name) =>
    answered(name, 'SEND_OUTCOME_UNKNOWN', {}, () => ({ onUnknown: 'fail' })),
  ),
  // Found in the log, whose rows hold number and text.
  answered('page with a 502', undefined, { times: 1, taken: true }),
  {
    name: 'followed, and its phone fails',
    code: 'MESSAGE_SEND_FAILED',
    async run({ echoLog, send, codeOf, job }) {
      echoLog('row that failed with the key');
      return codeOf(await send(job({ options: { follow: true, followChecksMs: [200] } })));
    },
  },
  // Sent again.
  answered('page with a 200', undefined, { times: 1 }),
  byHand('VALIDATION_FAILED', (job) => ({
    ...job,
    accountId: job.message,
    metadata: { leadId: job.message },
  })),
  byHand('PHONE_NUMBER_INVALID', (job) => ({ ...job, recipientPhone: `0${job.recipientPhone.slice(3)}` })),
  byHand('MESSAGE_REQUIRED', (job) => ({ ...job, message: ' ' })),
  {
    name: 'no such account',
    code: 'API_KEY_REQUIRED',
    run: async ({ send, codeOf, job }) => codeOf(await send(job({ accountId: randomUUID() }))),
  },
  {
    name: 'a key that another key encrypted',
    code: 'API_KEY_DECRYPTION_FAILED',
    async run({ world: { databaseUrl }, apiKey, send, codeOf, job }) {
      const encryptionKey = randomBytes(32).toString('hex');
      return codeOf(await send(job({ accountId: await addAccount(databaseUrl, { apiKey, encryptionKey }) })));
    },
  },
  {
    name: 'a key that was stored in clear',
    code: 'API_KEY_DECRYPTION_FAILED',
    async run({ world: { databaseUrl }, apiKey, send, codeOf, job, accountId }) {
      const sql = postgres(databaseUrl, { ...DRIVER_OPTIONS, max: 1 });
      // This mistake also exposes the key to PostgreSQL's log; we look for what we add to it.
      await sql`SET log_statement = 'none'`;
      await sql`UPDATE accounts SET sms_api_key = ${apiKey} WHERE id = ${accountId}`;
      await sql.end();
      return codeOf(await send(job()));
    },
  },
  {
    name: 'another job under a used key',
    code: 'IDEMPOTENCY_KEY_REUSED',
    async run({ world, job, send, message }) {
      const options = { idempotencyKey: 'lead-1' };
      await send(job(), options);
      return (await world.call('send', [job({ message: `${message} ?` }), options])).code;
    },
  },
  {
    name: 'a payload under another key',
    code: 'ENCRYPTION_KEY_MISSING',
    async run({ world, job, send, codeOf }) {
      const workflowId = await send(job());
      await codeOf(workflowId);
      return (await world.call('result', [workflowId], 'stranger')).code;
    },
  },
  {
    name: 'a decision about a run that is not held',
    code: 'NOT_HELD',
    async run({ world, job, send, codeOf }) {
      const workflowId = await send(job());
      await codeOf(workflowId);
      return (await world.call('resolve', [workflowId, { sent: true, messageId: 'm-1' }])).code;
    },
  },
  {
    name: 'a run that does not exist',
    code: 'NOT_FOUND',
    run: async ({ world }) => (await world.call('result', ['nothing'])).code,
  },
  {
    name: 'a server that does not exist',
    code: 'TEMPORAL_UNAVAILABLE',
    run: async ({ world, job }) => (await world.call('send', [job()], 'lost')).code,
  },
  {
    name: 'a namespace that does not exist',
    code: 'TEMPORAL_REFUSED',
    run: async ({ world, job }) => (await world.call('send', [job()], 'misplaced')).code,
  },
  ended('cancelled', 'CANCELLED', ({ world }, id) => world.call('cancel', [id])),
  ended('terminated', 'TERMINATED', ({ world }, id) =>
    world.temporal.workflow.getHandle(id).terminate('test'),
  ),
  {
    name: 'cancelled when its request had gone out',
    code: 'CANCELLED',
    async run(context) {
      context.echo('page with a 502');
      const id = await context.send(context.job({ options: { unknownChecksMs: [3_600_000] } }));
      await statusIs(context, id, 'checking');
      await context.world.call('cancel', [id]);
      return context.codeOf(id);
    },
  },
  {
    name: 'ended by a time-out of Temporal',
    code: 'TIMED_OUT',
    async run({ world, echo, job, codeOf }) {
      echo('too many, for an hour');
      const workflowId = `by-hand-${randomUUID()}`;
      await world.temporal.workflow.start(WORKFLOW_TYPE, {
        workflowId,
        taskQueue: world.taskQueue,
        args: [job()],
        workflowExecutionTimeout: '6 seconds',
      });
      return codeOf(workflowId);
    },
  },
  refused('fields with telling names', 'VALIDATION_FAILED', (job) => ({
    ...job,
    [job.recipientPhone]: 1,
    [job.message]: 1,
  })),
  refused('a list', 'VALIDATION_FAILED', (job) => [job.recipientPhone, job.message]),
  refused('values in the wrong places', 'VALIDATION_FAILED', (job) => ({
    recipientPhone: job.message,
    message: job.recipientPhone,
    accountId: job.message,
    metadata: { huntId: job.message, [job.message]: job.message },
    options: { onUnknown: job.message, expiresAt: job.recipientPhone, unknownChecksMs: [job.message] },
  })),
  refused('a lead id with the number', 'VALIDATION_FAILED', (job) => ({
    ...job,
    metadata: { leadId: `lead-0${job.recipientPhone.slice(3)}` },
  })),
  refused('no number', 'PHONE_NUMBER_INVALID', (job) => ({
    ...job,
    recipientPhone: `${job.recipientPhone} ext. 7 ${job.message}`,
  })),
  refused('no text', 'MESSAGE_REQUIRED', (job) => ({ ...job, message: '' })),
];
