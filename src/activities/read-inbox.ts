import { cancellationSignal, Context, log } from '@temporalio/activity';
import { SmsError } from '../domain/errors.js';
import { delayBeforeReading, isInboxActive, MIN_READING_DELAY_MS } from '../domain/inbox-cadence.js';
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

/** How far behind the newest message a reading looks back, in milliseconds: phones date late. */
const LOOK_BACK_MS = 48 * 60 * 60_000;

/** How far the first reading of an activity looks back, in milliseconds. */
const FIRST_LOOK_BACK_MS = 30 * 24 * 60 * 60_000;

/** Makes {@link Activities.readInbox}. */
export function createReadInbox(ports: ReadInboxPorts): Activities['readInbox'] {
  return async (input) => {
    const context = Context.current();
    // A reading may take longer than Temporal waits for a heartbeat.
    const beat = setInterval(() => {
      context.heartbeat();
    }, HEARTBEAT_EVERY_MS);
    try {
      return await asActivityFailure(() => readInbox(ports, input));
    } finally {
      clearInterval(beat);
    }
  };
}

async function readInbox(ports: ReadInboxPorts, { accountId }: ReadInboxInput): Promise<ReadInboxResult> {
  const { inbox, now } = ports;
  if (inbox === undefined) return { isIdle: true };
  const { store } = inbox;
  const startedMs = now();
  for (let round = 0; ; round++) {
    const state = await store.find(accountId);
    const elapsedMs = now() - startedMs;
    if (!isInboxActive(state, now()) && elapsedMs > PATIENCE_MS) return { isIdle: true };
    if (round > 0 && elapsedMs > READS_FOR_MS) return { isIdle: false };
    const wantedMs = await readOnce(ports, inbox, { accountId, state, isFirst: round === 0 });
    await finishOptOuts(inbox, accountId);
    await untilDue(ports, store, { accountId, readMs: now(), wantedMs });
  }
}

/** Waits for the next reading; what the account sends meanwhile may bring it forward. */
async function untilDue(
  { now, wait }: ReadInboxPorts,
  store: InboxPort['store'],
  { accountId, readMs, wantedMs }: { accountId: string; readMs: number; wantedMs: number },
): Promise<void> {
  for (;;) {
    const delayMs = Math.max(wantedMs, delayBeforeReading(await store.find(accountId), readMs));
    const lookMs = Math.min(readMs + delayMs, now() + MIN_READING_DELAY_MS);
    await wait(Math.max(1, lookMs - now()), cancellationSignal());
    if (now() >= readMs + delayMs) return;
  }
}

/**
 * Reads the inbox once and stores what it holds for the account.
 *
 * @returns the wait that the provider asked for, in milliseconds
 */
async function readOnce(
  { accounts, cipher, now }: ReadInboxPorts,
  inbox: InboxPort,
  { accountId, state, isFirst }: { accountId: string; state: InboxState; isFirst: boolean },
): Promise<number> {
  const { store, reply } = inbox;
  const nowMs = now();
  const lookBackMs = isFirst ? FIRST_LOOK_BACK_MS : LOOK_BACK_MS;
  const sinceMs = Math.max(0, Math.min(nowMs, state.newestMs ?? nowMs - FIRST_LOOK_BACK_MS) - lookBackMs);
  const apiKey = await openKey({ accounts, cipher }, accountId);
  if (apiKey === undefined) {
    await store.recordFailure(accountId, 'the account has no API key that opens');
    return 0;
  }
  const reading = await inbox.read({ apiKey, sinceMs, signal: cancellationSignal() });
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
async function finishOptOuts(inbox: InboxPort, accountId: string): Promise<void> {
  const { store, reply } = inbox;
  const { unannounced, unconfirmed } = await store.pendingOptOuts(accountId);
  for (const { phone } of unannounced) {
    await inbox.announceOptOut({ accountId, phone });
    await store.markAnnounced(accountId, phone);
  }
  for (const { phone, confirmationWorkflowId: workflowId } of unconfirmed) {
    if (workflowId === undefined || reply === undefined) continue;
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
