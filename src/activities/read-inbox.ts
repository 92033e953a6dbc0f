import { cancellationSignal, Context, log } from '@temporalio/activity';
import { SmsError } from '../domain/errors.js';
import { delayBeforeReading, isInboxActive } from '../domain/inbox-cadence.js';
import type { InboxState } from '../domain/inbox.js';
import { asActivityFailure } from './activity-failure.js';
import { currentRun } from './current-run.js';
import type { ActivityPorts, InboxPort } from './ports.js';
import { sortInbox } from './sort-inbox.js';
import type { Activities, ReadInboxInput, ReadInboxResult } from './types.js';

type ReadInboxPorts = Pick<ActivityPorts, 'accounts' | 'cipher' | 'inbox' | 'now' | 'wait'>;

/** How long one activity reads on, in milliseconds: each start is an event of its run. */
const READS_FOR_MS = 10 * 60_000;

/** An account without outreach may have been asked for by a first message that waits for it. */
const PATIENCE_MS = 2 * 60_000;

/** How often Temporal hears that the activity is alive, in milliseconds. */
const HEARTBEAT_EVERY_MS = 3_000;

/** How often the activity looks whether its worker stops, in milliseconds. */
const LOOK_FOR_STOP_EVERY_MS = 250;

/** How far behind the newest message a reading looks back, in milliseconds: phones date late. */
const LOOK_BACK_MS = 48 * 60 * 60_000;

/** How far the first reading of an activity looks back, in milliseconds. */
const FIRST_LOOK_BACK_MS = 30 * 24 * 60 * 60_000;

/**
 * Makes {@link Activities.readInbox}.
 *
 * @param isStopping whether the worker was asked to stop: the SDK cancels activities only once the
 *   time is over that the worker lets requests finish in
 */
export function createReadInbox(ports: ReadInboxPorts, isStopping: () => boolean): Activities['readInbox'] {
  return async (input) => {
    const context = Context.current();
    const stop = new AbortController();
    const look = setInterval(() => {
      if (isStopping()) stop.abort();
    }, LOOK_FOR_STOP_EVERY_MS);
    // A reading may take longer than Temporal waits for a heartbeat.
    const beat = setInterval(() => {
      context.heartbeat();
    }, HEARTBEAT_EVERY_MS);
    try {
      return await asActivityFailure(() => readInbox(ports, input, stop.signal));
    } catch (error) {
      // Another worker reads on.
      if (stop.signal.aborted) return { isIdle: false };
      throw error;
    } finally {
      clearInterval(beat);
      clearInterval(look);
    }
  };
}

async function readInbox(
  ports: ReadInboxPorts,
  { accountId }: ReadInboxInput,
  stop: AbortSignal,
): Promise<ReadInboxResult> {
  const { inbox, now } = ports;
  if (inbox === undefined) return { isIdle: true };
  const { store } = inbox;
  const startedMs = now();
  for (let round = 0; ; round++) {
    const state = await store.find(accountId);
    const elapsedMs = now() - startedMs;
    if (!isInboxActive(state, now()) && elapsedMs > PATIENCE_MS) return { isIdle: true };
    if (round > 0 && elapsedMs > READS_FOR_MS) return { isIdle: false };
    const wantedMs = await readOnce(ports, inbox, { accountId, state, isFirst: round === 0, stop });
    await finishOptOuts(inbox, accountId, stop);
    await untilDue(ports, inbox, { accountId, readMs: now(), wantedMs, stop });
  }
}

/** Waits for the next reading; what the account sends meanwhile may bring it forward. */
async function untilDue(
  { now, wait }: ReadInboxPorts,
  { store, minDelayMs }: InboxPort,
  options: { accountId: string; readMs: number; wantedMs: number; stop: AbortSignal },
): Promise<void> {
  const { accountId, readMs, wantedMs } = options;
  const end = AbortSignal.any([cancellationSignal(), options.stop]);
  for (;;) {
    const usualMs = delayBeforeReading(await store.findTimes(accountId), readMs, minDelayMs);
    const delayMs = Math.max(wantedMs, usualMs);
    const lookMs = Math.min(readMs + delayMs, now() + minDelayMs);
    await wait(Math.max(1, lookMs - now()), end);
    if (now() >= readMs + delayMs) return;
  }
}

/**
 * Reads the inbox once and stores what it holds for the account. Who asks for a reading cancels the
 * activity to have another begin: one that is under way ends first, as a provider that is slow
 * would otherwise never be read.
 *
 * @returns the wait that the provider asked for, in milliseconds
 */
async function readOnce(
  { accounts, cipher, now }: ReadInboxPorts,
  inbox: InboxPort,
  options: { accountId: string; state: InboxState; isFirst: boolean; stop: AbortSignal },
): Promise<number> {
  const { store, reply } = inbox;
  const { accountId, state, isFirst, stop } = options;
  const nowMs = now();
  const lookBackMs = isFirst ? FIRST_LOOK_BACK_MS : LOOK_BACK_MS;
  const sinceMs = Math.max(0, Math.min(nowMs, state.newestMs ?? nowMs - FIRST_LOOK_BACK_MS) - lookBackMs);
  const apiKey = await openKey({ accounts, cipher }, accountId);
  if (apiKey === undefined) {
    await store.recordFailure(accountId, 'the account has no API key that opens');
    return 0;
  }
  const reading = await inbox.read({ apiKey, sinceMs, signal: stop });
  stop.throwIfAborted();
  if (reading.kind === 'unreadable') {
    await store.recordFailure(accountId, reading.reason);
    log.warn('an inbox could not be read', { accountId, reason: reading.reason });
    return reading.retryAfterMs ?? 0;
  }
  const sorted = sortInbox(reading.messages, state, nowMs);
  await store.recordReading(accountId, sorted, { confirm: reply !== undefined });
  if (isFirst) await store.eraseOldTexts(accountId);
  return 0;
}

/** Has waiting sends look, and starts confirmations; what fails here is done the next time. */
async function finishOptOuts(inbox: InboxPort, accountId: string, stop: AbortSignal): Promise<void> {
  const { store, reply } = inbox;
  const { unannounced, unconfirmed } = await store.pendingOptOuts(accountId);
  for (const { phone } of unannounced) {
    stop.throwIfAborted();
    await inbox.announceOptOut({ accountId, phone });
    await store.markAnnounced(accountId, phone);
  }
  for (const { phone, confirmationWorkflowId: workflowId } of unconfirmed) {
    if (workflowId === undefined || reply === undefined) continue;
    stop.throwIfAborted();
    await inbox.confirmOptOut({ accountId, phone, workflowId, message: reply });
    await store.markConfirmed(accountId, phone);
  }
}

/** The key in clear, which lives in memory only. */
async function openKey(
  { accounts, cipher }: Pick<ReadInboxPorts, 'accounts' | 'cipher'>,
  accountId: string,
): Promise<string | undefined> {
  const { workflowId, runId } = currentRun();
  const found = await accounts.findEncryptedApiKey(accountId).catch((error: unknown) => {
    if (error instanceof SmsError && error.code === 'API_KEY_DECRYPTION_FAILED') return undefined;
    throw error;
  });
  if (found === undefined || cipher === undefined) return undefined;
  const owner = { workflowId, originalRunId: runId };
  try {
    return cipher.unseal(cipher.reseal(found.encryptedApiKey, owner), owner);
  } catch {
    return undefined;
  }
}
