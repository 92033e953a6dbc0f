import type { PhoneReport } from '../domain/following/phone-report.js';
import type { DeliveryAnswer, DeliveryQuestion } from '../domain/delivery-question.js';
import type { UnreadableList } from '../domain/unreadable-list.js';
import type { DeliveriesFilter, FetchDeliveries } from './fetch-deliveries.js';
import { readDeliveryRow } from './read-delivery-row.js';
import { createSentMessagesPaging, type SentMessagesPaging } from './sent-messages-paging.js';
import { SENT_MESSAGES_LIMITS } from './sent-messages-reader.js';

/** What was read of a message, and when. */
interface Known {
  readonly report: PhoneReport;
  readonly atMs: number;
}

/** A message that was asked for and is not known yet. */
interface Asked {
  /**
   * The check that asks for it: one that another worker has answered may have left its question.
   */
  readonly checkId: string | undefined;
  readonly sinceMs: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** The newest page was read since, and does not show it. */
  isOnNoNewestPage: boolean;
  /** The list cannot be read back to it. */
  isOnlyById: boolean;
}

/** A reading of the list, page by page, which may take several turns. */
interface Sweep {
  readonly paging: SentMessagesPaging;
  readonly beganMs: number;
  before: string | undefined;
}

/** How long what was read of a message is kept for the run that asks for it, in milliseconds. */
const KEPT_MS = 10 * 60_000;

/** So many messages are asked for by their ids. */
const MAX_BY_ID = 3;

/** What is asked of a message. */
type Question = Pick<DeliveryQuestion, 'messageId' | 'sinceMs' | 'checkId'>;

/** All that is asked and known of one account's messages. */
export interface DeliveryDesk {
  /** Asks for a message; what is known since is answered at once. */
  ask(question: Question): DeliveryAnswer | undefined;
  /** Makes one request for what is asked for; undefined unless it failed. */
  read(apiKey: string, fetchDeliveries: FetchDeliveries): Promise<UnreadableList | undefined>;
  /** Nothing is asked for, and nothing is kept. */
  isEmpty(): boolean;
}

interface DeskState {
  readonly known: Map<string, Known>;
  readonly asked: Map<string, Asked>;
  sweep: Sweep | undefined;
}

/** The desk of an account; `nowMs` is any clock that never goes back, in milliseconds. */
export function createDeliveryDesk(nowMs: () => number): DeliveryDesk {
  const state: DeskState = { known: new Map(), asked: new Map(), sweep: undefined };
  return {
    ask: (question) => ask(state, question, nowMs()),
    async read(apiKey, fetchDeliveries) {
      const beganMs = nowMs();
      forgetOld(state, beganMs);
      const filter = chooseFilter(state, beganMs);
      const page = await fetchDeliveries(apiKey, filter);
      if (page.kind === 'unreadable') {
        state.sweep = undefined;
        return page;
      }
      learn(state, { rows: page.rows, apiKey, beganMs });
      const { sweep } = state;
      if (sweep === undefined) answerUnlisted(state, ([id]) => id === filter.guid_message, beganMs);
      else turnPage(state, { sweep, rows: page.rows, beganMs });
      return undefined;
    },
    isEmpty() {
      forgetOld(state, nowMs());
      return state.asked.size === 0 && state.known.size === 0;
    },
  };
}

function ask(
  { known, asked }: DeskState,
  { messageId, sinceMs, checkId }: Question,
  nowMs: number,
): DeliveryAnswer | undefined {
  const before = asked.get(messageId);
  const entry: Asked = {
    checkId,
    sinceMs,
    firstMs: before?.checkId === checkId ? (before?.firstMs ?? nowMs) : nowMs,
    lastMs: nowMs,
    isOnNoNewestPage: before?.isOnNoNewestPage ?? false,
    isOnlyById: before?.isOnlyById ?? false,
  };
  const found = known.get(messageId);
  if (found !== undefined && isAnswer(found, entry)) {
    asked.delete(messageId);
    return { kind: 'read', report: found.report, ageMs: nowMs - found.atMs };
  }
  asked.set(messageId, entry);
  return undefined;
}

/** "Sent" stays so; everything else must have been read since it was asked for. */
function isAnswer({ report, atMs }: Known, { firstMs }: Asked): boolean {
  return report.kind === 'sent' || atMs >= firstMs;
}

function forgetOld({ known, asked }: DeskState, nowMs: number): void {
  for (const [id, { lastMs }] of asked) if (nowMs - lastMs > KEPT_MS) asked.delete(id);
  for (const [id, { atMs }] of known) if (nowMs - atMs > KEPT_MS) known.delete(id);
}

/** The messages that were asked for and not read since. */
function openOf({ known, asked }: DeskState): (readonly [messageId: string, asked: Asked])[] {
  return [...asked].filter(([id, entry]) => {
    const found = known.get(id);
    return found === undefined || !isAnswer(found, entry);
  });
}

/**
 * What the next request asks for: one message by its id where few are wanted and the newest page
 * does not show them, or the list cannot be read back to it; else the next page.
 */
function chooseFilter(state: DeskState, nowMs: number): DeliveriesFilter {
  const open = openOf(state);
  const byId = chooseById(open);
  if (byId !== undefined) {
    state.sweep = undefined;
    return { guid_message: byId };
  }
  const sinceMs = open.reduce((ms, [, asked]) => Math.min(ms, asked.sinceMs), Date.now());
  state.sweep ??= {
    paging: createSentMessagesPaging(sinceMs, SENT_MESSAGES_LIMITS.smallestPageRows),
    beganMs: nowMs,
    before: undefined,
  };
  const { before } = state.sweep;
  return before === undefined ? {} : { before };
}

function chooseById(open: ReturnType<typeof openOf>): string | undefined {
  const listable = open.filter(([, { isOnlyById }]) => !isOnlyById);
  if (listable.length > MAX_BY_ID) return undefined;
  const missed = listable.find(([, { isOnNoNewestPage }]) => isOnNoNewestPage);
  if (missed === undefined && listable.length > 1) return undefined;
  const [messageId] = missed ?? listable[0] ?? open[0] ?? [];
  return messageId;
}

interface Reply {
  readonly rows: readonly unknown[];
  /** When its request began. */
  readonly beganMs: number;
}

/** Rows of one id that differ say nothing. */
function learn({ known }: DeskState, { rows, apiKey, beganMs }: Reply & { readonly apiKey: string }): void {
  const fresh = new Map<string, PhoneReport>();
  for (const value of rows) {
    const { messageIds, report } = readDeliveryRow(value, apiKey, Date.now());
    for (const id of messageIds) {
      const other = fresh.get(id);
      const isAlike = other === undefined || other.kind === report.kind;
      fresh.set(id, isAlike ? report : { kind: 'unclear' });
    }
  }
  for (const [id, report] of fresh) {
    // A state never goes back, whatever a row on another page says.
    if (known.get(id)?.report.kind !== 'sent') known.set(id, { report, atMs: beganMs });
  }
}

function turnPage(state: DeskState, { sweep, rows, beganMs }: Reply & { readonly sweep: Sweep }): void {
  if (sweep.before === undefined) {
    for (const [, asked] of openOf(state)) if (asked.firstMs <= beganMs) asked.isOnNoNewestPage = true;
  }
  const step = sweep.paging.take(rows, Date.now());
  // Messages that were asked for since the sweep began are on a page that it has left behind.
  const isServed = ([, { firstMs }]: readonly [string, Asked]) => firstMs <= sweep.beganMs;
  const served = openOf(state).filter(isServed);
  if (step.kind === 'next') {
    sweep.before = step.before;
    if (served.length === 0) state.sweep = undefined;
    return;
  }
  state.sweep = undefined;
  if (step.incomplete === undefined) answerUnlisted(state, isServed, beganMs);
  else for (const [, asked] of served) asked.isOnlyById = true;
}

function answerUnlisted(
  state: DeskState,
  isMeant: (entry: readonly [string, Asked]) => boolean,
  atMs: number,
): void {
  for (const [id] of openOf(state).filter(isMeant))
    state.known.set(id, { report: { kind: 'unlisted' }, atMs });
}
