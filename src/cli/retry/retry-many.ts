import type { SendFilter } from '../../client/send-filter.js';
import type { SmsClient } from '../../client/sms-client.js';
import { isSmsRunErrorCode, type SmsErrorCode } from '../../domain/errors.js';
import { describeCliError, EXIT } from '../cli-error.js';
import type { CliRun } from '../cli-run.js';
import { confirmCount } from '../confirm-count.js';
import { startRetryProgress } from './retry-progress.js';
import { createRetrySummary, type RetryReport } from './retry-summary.js';
import { stopOnSignals } from '../stop-on-signals.js';

/** Which sends are retried: with this code. */
export type RetryFilter = SendFilter & { readonly errorCode: SmsErrorCode };

interface ManyFlags {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** What is needed of a client. */
type Retrier = Pick<SmsClient, 'count' | 'list' | 'retry'>;

/** Sends that are worked at once. */
const CONCURRENCY = 5;

/**
 * Counts the sends of a filter that ended with its code, has the count confirmed, and retries no
 * more sends than that.
 *
 * @returns the exit code: 1 if one could not be retried, or was retried before and has failed
 *   otherwise
 * @throws SmsError if they cannot be listed to the end, once the retries under way are finished and
 *   reported; UsageError
 */
export async function retryMany(
  cli: CliRun,
  client: Retrier,
  filter: RetryFilter,
  { dryRun = false, yes = false, json = false }: ManyFlags,
): Promise<number> {
  const { errorCode } = filter;
  // A cancelled send was cancelled on purpose.
  const ended: RetryFilter = isSmsRunErrorCode(errorCode) ? { ...filter, status: 'failed' } : filter;
  const nowMs = Date.now();
  const wanted: RetryFilter = {
    ...ended,
    // Neither those that this starts, nor those that end while it asks and works.
    until: new Date(Math.min(nowMs, filter.until?.getTime() ?? Infinity)),
    endedBefore: new Date(nowMs),
  };
  const count = await client.count(wanted);
  const found = `${count} ${count === 1 ? 'send' : 'sends'} ended with ${errorCode}.`;
  if (count > 0 && !dryRun && !yes) {
    await confirmCount(
      `${found} Each is retried once. Where the message may have been sent, the provider’s list of sent messages is checked first.`,
      count,
      cli,
    );
  } else cli.say(found);
  const totals = createRetrySummary();
  const note = (report: RetryReport) => {
    totals.add(report);
    if (json)
      cli.print(JSON.stringify('error' in report ? report : { retryOf: report.retryOf, ...report.outcome }));
  };
  const { stoppedBy, errors } = await retryAll(cli, client, wanted, { count, dryRun, note });
  if (json) cli.say(totals.summary());
  else cli.print(totals.summary());
  if (errors.length > 0) throw errors[0];
  if (stoppedBy !== undefined) return stoppedBy;
  // For information only: the retries are done.
  const more = (await client.count(ended).catch(() => count)) - count;
  if (more > 0)
    cli.say(`${more} more ended with ${errorCode} since: run the same command again to retry them.`);
  return totals.failures() > 0 ? EXIT.failed : EXIT.ok;
}

/**
 * Works on all at once, some at a time; never rejects, so that nothing that was begun is left
 * behind.
 */
async function retryAll(
  cli: CliRun,
  client: Retrier,
  filter: RetryFilter,
  { count, dryRun, note }: { count: number; dryRun: boolean; note: (report: RetryReport) => void },
): Promise<{ stoppedBy: number | undefined; errors: readonly unknown[] }> {
  const stop = stopOnSignals(cli, () => {
    cli.say('\nFinishing the sends in progress. Press Ctrl-C again to exit immediately.');
  });
  const progress = startRetryProgress(count, cli.stderr);
  const sends = listUpTo(count, client, filter);
  const taken = new Set<string>();
  async function work(): Promise<void> {
    for (;;) {
      const next = stop.signal.aborted ? undefined : await sends.next();
      if (next === undefined || next.done === true) return;
      const report = await retryLast(client, next.value, { errorCode: filter.errorCode, dryRun, taken });
      if (report !== undefined) note(report);
      progress.step();
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: CONCURRENCY }, work));
  progress.stop();
  stop.release();
  const errors = ends.flatMap((end): unknown[] => (end.status === 'rejected' ? [end.reason] : []));
  return { stoppedBy: stop.exitCode(), errors };
}

/** The workflow ids of a filter, as many as were confirmed. */
async function* listUpTo(
  confirmed: number,
  client: Retrier,
  filter: RetryFilter,
): AsyncGenerator<string, undefined> {
  let listed = 0;
  for await (const { workflowId } of client.list(filter)) {
    // Temporal lists what has ended with a delay: there may be more than there were.
    if (++listed > confirmed) return undefined;
    yield workflowId;
  }
  return undefined;
}

/**
 * Retries the last of a send's retries, if that one ended with the code, too; undefined if it was
 * taken when another of them was listed.
 */
async function retryLast(
  client: Retrier,
  listed: string,
  { errorCode, dryRun, taken }: { errorCode: SmsErrorCode; dryRun: boolean; taken: Set<string> },
): Promise<RetryReport | undefined> {
  let retryOf = listed;
  try {
    for (;;) {
      if (taken.has(retryOf)) return undefined;
      taken.add(retryOf);
      const outcome = await client.retry(retryOf, { dryRun });
      if (outcome.kind !== 'already-retried' || outcome.code !== errorCode) return { retryOf, outcome };
      retryOf = outcome.workflowId;
    }
  } catch (error) {
    return { retryOf, error: describeCliError(error).message };
  }
}
