import { Command } from 'commander';
import { SmsError } from '../domain/errors.js';
import { isRecord } from '../domain/is-record.js';
import type { SmsJob } from '../domain/sms-job.js';
import { omitUndefined } from '../domain/omit-undefined.js';
import { EXIT, UsageError } from './cli-error.js';
import type { CliRun } from './cli-run.js';
import { withClient } from './open-client.js';
import { printStatus } from './print-status.js';
import { readStandardInput, readTextFile } from './read-input.js';

interface SendFlags {
  readonly job?: string;
  readonly account?: string;
  readonly to?: string;
  readonly message?: string;
  readonly hunt?: string;
  readonly ad?: string;
  readonly lead?: string;
  readonly options?: string;
  readonly idempotencyKey?: string;
  readonly sendAt?: string;
  readonly follow?: boolean;
  readonly wait?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  npx durable-sms send --job - --idempotency-key lead-42 --wait < job.json
  npx durable-sms send --account 6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e --to '06 39 98 00 42' --message 'Bonjour' --hunt hunt-7

A job is JSON: {"recipientPhone": "…", "message": "…", "accountId": "…", "metadata": {"huntId": "…"}, "options": {…}}
The file or standard input is UTF-8, or UTF-16 with a byte order mark. The second form
exposes number and text in the process list: use it on your own machine only.

With --follow, the send goes on after the provider has accepted the message, until its phone
has sent it; --wait then waits for that, up to 24 h.

Exit codes: 0 started and, with --wait, accepted by the provider; 1 Temporal could not be
reached or, with --wait, the send did not succeed; 2 invalid command line or job: nothing
was started.`;

/** `durable-sms send`. */
export function sendCommand(cli: CliRun): Command {
  return new Command('send')
    .description('start a send and print its workflow id')
    .option('--job <file>', 'the job as JSON, from a file, or - for standard input')
    .option('--account <id>', 'the account whose phone sends')
    .option('--to <number>', 'the recipient')
    .option('--message <text>', 'the text')
    .option('--hunt <id>', 'hunt id to find the send by')
    .option('--ad <id>', 'ad id to find the send by')
    .option('--lead <id>', 'lead id to find the send by')
    .option('--options <json>', 'job options as JSON, such as {"expiresAt": "2030-01-01T12:00:00Z"}')
    .option('--idempotency-key <key>', 'start at most one send for an account and this key')
    .option('--send-at <time>', 'when to send, ISO 8601')
    .option('--follow', 'follow the send until the phone has sent the message')
    .option('--wait', 'wait until the send ends and print its status')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action((flags: SendFlags) => send(cli, flags));
}

async function send(cli: CliRun, flags: SendFlags): Promise<void> {
  const job = withFollow(await readJob(cli, flags), flags.follow);
  await withClient(cli, async (client) => {
    const { idempotencyKey, sendAt, json, wait } = flags;
    const sent = await client.send(job, { idempotencyKey, sendAt }).catch(warnOfSecondStart);
    const { workflowId, runId } = sent;
    cli.print(json === true ? JSON.stringify({ workflowId, runId }) : workflowId);
    if (wait !== true) return;
    await sent.result().catch(() => undefined);
    const report = await sent.status();
    printStatus(cli, report, json);
    if (report.status !== 'accepted' && report.status !== 'sent') cli.exitCode = EXIT.failed;
  });
}

/** The flag wins over the job; anything but a job is reported as it is. */
function withFollow(job: SmsJob, follow: boolean | undefined): SmsJob {
  if (follow !== true || !isRecord(job) || (job.options !== undefined && !isRecord(job.options))) return job;
  return { ...job, options: { ...job.options, follow } };
}

/** A start whose answer got lost may have been taken: a second one would send again. */
function warnOfSecondStart(error: unknown): never {
  if (error instanceof SmsError && error.code === 'TEMPORAL_UNAVAILABLE' && error.workflowId !== undefined) {
    const { workflowId } = error;
    throw new SmsError(error.code, {
      workflowId,
      message: `${error.message} The send may have started: before you try again without an idempotency key, check npx durable-sms status ${workflowId}.`,
    });
  }
  throw error;
}

async function readJob(cli: CliRun, flags: SendFlags): Promise<SmsJob> {
  const { job, account, to, message, hunt, ad, lead, options } = flags;
  const single = { account, to, message, hunt, ad, lead, options };
  if (job === undefined) {
    if (account === undefined || to === undefined || message === undefined) {
      throw new UsageError(
        'Pass a job with --job FILE (or --job - for standard input), or pass --account, --to and --message.',
      );
    }
    const metadata = omitUndefined({ huntId: hunt, adId: ad, leadId: lead });
    return {
      recipientPhone: to,
      message,
      accountId: account,
      ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
      ...(options === undefined
        ? {}
        : { options: parseJson(options, '--options') as NonNullable<SmsJob['options']> }),
    };
  }
  const mixed = Object.entries(single).find(([, value]) => value !== undefined);
  if (mixed !== undefined) throw new UsageError(`--job contains the whole job: remove --${mixed[0]}.`);
  const text =
    job === '-' ? await readStandardInput(cli, 'the job as JSON') : await readTextFile(job, '--job');
  return parseJson(text, job === '-' ? 'standard input' : '--job') as SmsJob;
}

/** The parser's own message would quote the text. */
function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`Invalid JSON in ${where}.`);
  }
}
