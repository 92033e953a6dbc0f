import { activityInfo } from '@temporalio/activity';
import type { AccountMessage } from '../../src/activities/ports.js';
import type { SentSms, SentSmsVerdict } from '../../src/activities/types.js';
import { isSameOwner } from '../../src/domain/run-owner.js';
import type { OwningRun, RunOwner } from '../../src/domain/run-owner.js';
import type { SendOutcome } from '../../src/domain/send-outcome.js';
import type { SendRequest } from '../../src/domain/send-request.js';
import type { LoggedSms, SentMessages, SentMessagesRequest } from '../../src/domain/sent-messages.js';
import { whyNotToRequest } from './promise-model.js';
import { ACCEPTED, describeRequest, seconds, type CheckFate } from './scenario.js';
import type { SkippedClock } from './skipped-clock.js';
import type { ProviderMessage, Reading, SeenWorld, TrackedSend } from './tracked-send.js';

/**
 * A slow reply comes when somebody has read the log, or after this wait by the machine's clock, in
 * milliseconds.
 */
const SLOWEST_REPLY_MS = 1_000;

/** The digest of every number: what finds the runs to one is the world itself. */
export const RECIPIENT_KEY = '0'.repeat(64);

/**
 * One sequence's outside: the provider with its phones and its list of sent messages, and what
 * Temporal knows of the runs.
 */
export class FakeWorld implements SeenWorld {
  readonly sends: TrackedSend[] = [];
  readonly messages: ProviderMessage[] = [];
  /** What was seen to break a promise while it happened. */
  readonly broken: string[] = [];
  readonly #story: string[] = [];
  readonly #claims = new Map<string, RunOwner>();
  /** Messages that each group may have beyond one a send. */
  readonly #extras = new Map<string, number>();
  readonly #terminatedRunIds = new Set<string>();
  #readers: (() => void)[] = [];
  #bornAtMs: number | undefined;

  constructor(
    readonly accountId: string,
    readonly clock: SkippedClock,
  ) {}

  tell(line: string): void {
    this.#bornAtMs ??= this.clock.now();
    this.#story.push(`${seconds(this.clock.now() - this.#bornAtMs)}: ${line}`);
  }

  story(): string {
    return this.#story.join('\n  ');
  }

  extrasOf(group: string): number {
    return this.#extras.get(group) ?? 0;
  }

  /** The owner is one of its workflow id; a reset keeps it. */
  sendOf(workflowId: string): TrackedSend {
    const send = this.sends.find((one) => one.workflowId === workflowId);
    if (send === undefined) throw new Error('The model knows no such run.');
    return send;
  }

  ownerOf({ workflowId, originalRunId = '' }: TrackedSend): RunOwner {
    return { workflowId, originalRunId };
  }

  isOwned(id: string): boolean {
    return this.#claims.has(id) || this.sends.some(({ messageIds }) => messageIds.has(id));
  }

  /**
   * What a reading showed of a send's group, sent since its doubt began, that no other send owns by
   * now.
   */
  unownedBesides(send: TrackedSend, { shown }: Reading): ProviderMessage[] {
    return shown.filter(
      ({ id, group, recordedAtMs }) =>
        group === send.group && recordedAtMs >= (send.unknownFromMs ?? 0) && !this.#isForeign(send, id),
    );
  }

  /**
   * A message that an operator who sees the phone would name: of this send's group, sent, and
   * nobody's.
   */
  messageToName(send: TrackedSend): ProviderMessage | undefined {
    return this.messages.find(
      ({ id, group, failed, recordedAtMs }) =>
        group === send.group && !failed && recordedAtMs >= send.startedAtMs && !this.isOwned(id),
    );
  }

  // What the activities' ports ask.

  findKey(): string | undefined {
    const send = this.#current();
    const isLookedFor = send.unknownFromMs !== undefined;
    if (!isLookedFor || send.checks[0] !== 'key gone') return this.accountId;
    this.#note(send, 'key gone', []);
    return undefined;
  }

  async request(request: SendRequest): Promise<SendOutcome> {
    const refusal = request.refuseToWrite?.();
    if (refusal !== undefined) return { kind: 'not-sent', code: 'PROVIDER_UNAVAILABLE', reason: refusal };
    const send = this.#current();
    const nowMs = this.clock.now();
    this.#judgeRequest(send, nowMs);
    const fate = send.requests.shift() ?? ACCEPTED;
    this.tell(`${send.name} requests: ${describeRequest(fate)}`);
    const id = `m${this.messages.length + 1}`;
    if (fate.recorded) {
      const { group, job } = send;
      const shownAtMs = nowMs + fate.shownAfterMs;
      this.messages.push({ id, group, job, recordedAtMs: nowMs, shownAtMs, failed: fate.failed });
    }
    if (fate.slow && this.sends.length > 1) await this.#nextReading();
    const reason = fate.reply;
    switch (fate.reply) {
      case 'accepted':
        return { kind: 'accepted', messageId: id, httpStatus: 200 };
      case 'lost':
        return { kind: 'unknown', reason };
      case 'crash':
        throw new Error('A bug, or a worker that went away.');
      case 'offline':
        return { kind: 'not-sent', code: 'PROVIDER_UNAVAILABLE', reason, lookBeforeRepeat: true };
      case 'limited':
        return { kind: 'not-sent', code: 'RATE_LIMITED', reason, retryAfterMs: 45_000 };
      case 'key refused':
        return { kind: 'rejected', code: 'API_KEY_INVALID', reason };
      case 'message refused':
        return { kind: 'rejected', code: 'MESSAGE_SEND_FAILED', reason };
    }
  }

  readLog({ sinceMs }: SentMessagesRequest): SentMessages {
    const send = this.#current();
    const fate = send.checks[0] ?? 'truthful';
    const nowMs = this.clock.now();
    const shown = this.messages.filter(
      ({ shownAtMs, recordedAtMs }) => shownAtMs <= nowMs && recordedAtMs >= sinceMs,
    );
    this.#note(send, fate, shown);
    if (fate === 'unreadable') return { kind: 'unreadable', reason: 'the log does not answer' };
    return {
      kind: 'read',
      rows: shown.map((message) => rowOf(message, fate)),
      incomplete: undefined,
      reachesBack: true,
    };
  }

  listRuns(recipientPhone: string): OwningRun[] {
    if (this.#current().reading?.fate === 'runs unlisted') throw new Error('Temporal does not list.');
    return this.sends
      .filter(
        ({ job, originalRunId }) => job.recipientPhone === recipientPhone && originalRunId !== undefined,
      )
      .map((send) => ({
        owner: this.ownerOf(send),
        text: send.job.message,
        messageIds: [...send.messageIds],
        requestOut: send.requestOut,
      }));
  }

  findClaim({ messageId }: AccountMessage): RunOwner | undefined {
    return this.#claims.get(messageId);
  }

  claim({ messageId }: AccountMessage, owner: RunOwner): RunOwner {
    const owned = this.#claims.get(messageId) ?? owner;
    this.#claims.set(messageId, owned);
    return owned;
  }

  // What is seen of the activities and the runs.

  /** A request is on its way out. */
  sendBegins(send: TrackedSend, runId: string): void {
    send.begun++;
    send.inFlight++;
    if (!this.#terminatedRunIds.has(runId)) send.requestOut = true;
  }

  /** A request has ended: its result, or the type of its failure. */
  sendEnds(
    send: TrackedSend,
    runId: string,
    end: { sent: SentSms } | { type: string | undefined; beganAtMs: number },
  ): void {
    send.inFlight--;
    if (this.#terminatedRunIds.has(runId)) return;
    send.requestOut = false;
    send.reading = undefined;
    if ('sent' in end) {
      send.messageIds.add(end.sent.messageId);
      send.sentAtMs = this.clock.now();
      send.wasSentAgain ||= send.unknownFromMs !== undefined;
      return;
    }
    this.tell(`${send.name}'s request ended as ${end.type ?? 'a failure without a code'}`);
    if (end.type !== undefined && end.type !== 'SEND_OUTCOME_UNKNOWN') return;
    send.unknownFromMs ??= end.beganAtMs;
    if (send.granted === 'by rule') send.resendsByRule++;
    send.wasSentAgain ||= send.granted !== undefined;
    send.granted = undefined;
  }

  /** A check of the log has ended. */
  checkEnds(send: TrackedSend, verdict: SentSmsVerdict): void {
    this.tell(
      `${send.name}: the log is ${verdict.verdict}${'messageId' in verdict ? `, ${verdict.messageId}` : ''}`,
    );
    if (verdict.verdict !== 'found') return;
    send.messageIds.add(verdict.messageId);
    send.sentAtMs = this.clock.now();
  }

  /** A run was terminated by a reset: no history shows what its activities still do. */
  terminated(send: TrackedSend, runId: string): void {
    this.#terminatedRunIds.add(runId);
    send.requestOut = false;
    send.wasReset = true;
    send.granted = undefined;
    send.reading = undefined;
    send.begun = 0;
    // The run before may have sent at any time since its start.
    send.unknownFromMs = send.startedAtMs;
  }

  #current(): TrackedSend {
    return this.sendOf(activityInfo().workflowExecution?.workflowId ?? '');
  }

  #judgeRequest(send: TrackedSend, nowMs: number): void {
    const { currentAttemptScheduledTimestampMs: scheduledAtMs, workflowExecution } = activityInfo();
    if (this.#terminatedRunIds.has(workflowExecution?.runId ?? '')) return;
    const why = whyNotToRequest(this, send, { nowMs, scheduledAtMs });
    if (why !== undefined) this.broken.push(`${send.name}: ${why}`);
    if (send.unknownFromMs === undefined) return;
    const { reading, ordered, group } = send;
    send.granted = ordered ? 'by order' : (send.granted ?? 'by rule');
    send.ordered = false;
    const sentBefore = this.messages.filter((one) => one.group === group && !one.failed);
    const isAllowed = ordered
      ? sentBefore.some(({ id }) => !this.#isForeign(send, id))
      : sentBefore.some(({ recordedAtMs, shownAtMs }) => {
          const atMs = reading?.atMs ?? 0;
          return recordedAtMs <= atMs && shownAtMs > atMs;
        });
    if (isAllowed) this.#extras.set(group, this.extrasOf(group) + 1);
  }

  #note(send: TrackedSend, fate: CheckFate, shown: readonly ProviderMessage[]): void {
    send.checks.shift();
    const purpose = send.sentAtMs === undefined ? 'reconcile' : 'duplicate';
    send.reading = { atMs: this.clock.now(), fate, shown, purpose };
    this.tell(`${send.name} asks the log: ${fate}, ${shown.map(({ id }) => id).join(' ') || 'no rows'}`);
    const readers = this.#readers;
    this.#readers = [];
    // The check that reads now is to be over when a slow reply comes.
    setTimeout(() => {
      for (const done of readers) done();
    }, 100);
  }

  #nextReading(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, SLOWEST_REPLY_MS);
      this.#readers.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #isForeign(send: TrackedSend, id: string): boolean {
    const claimed = this.#claims.get(id);
    if (claimed !== undefined && !isSameOwner(claimed, this.ownerOf(send))) return true;
    return this.sends.some((other) => other !== send && other.messageIds.has(id));
  }
}

function rowOf({ id, job, recordedAtMs, failed }: ProviderMessage, fate: CheckFate): LoggedSms {
  return {
    messageIds: [id],
    number: job.recipientPhone.slice(1),
    text: fate === 'text altered' ? `${job.message} [altered]` : job.message,
    time: fate === 'dates gone' ? { kind: 'unreadable' } : { kind: 'exact', atMs: recordedAtMs },
    failure: failed ? 'send_from_mobile_erreur' : undefined,
  };
}
