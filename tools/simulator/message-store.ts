import { randomBytes } from 'node:crypto';
import type { ChangeBus } from './change-bus.js';
import type { SimulatorMessage } from './simulator-message.js';
import type { SimulatorAccount, SimulatorPhone } from './simulator-options.js';
import type { Timers } from './timers.js';

/** A message that the provider took. */
export interface Submission {
  readonly account: SimulatorAccount;
  readonly phone: SimulatorPhone;
  readonly recipient: string;
  readonly text: string;
  readonly simSlot: 1 | 2 | null;
  readonly withWhatsApp: boolean;
  /** When the phone is to send it, in milliseconds since 1970; null = now. */
  readonly scheduledAtMs: number | null;
}

/** What becomes of a message after it was taken; delays are in milliseconds. */
export interface Fate {
  readonly phoneDelayMs?: number;
  readonly phoneError?: string;
  /** The phone fails first, tries again after so long, and sends. */
  readonly phoneRetryMs?: number;
  /** The phone neither sends nor fails. */
  readonly phoneNever?: boolean;
  readonly providerError?: string;
  readonly rowDelayMs?: number;
  readonly rowMissing?: boolean;
}

/** A row of the list of sent messages as the provider keeps it. */
export interface SentRow {
  readonly id: string;
  readonly submission: Submission;
  readonly takenAtMs: number;
  readonly visibleFromMs: number;
  /** When the phone failed to send it, and when it sent it. */
  failedAtMs?: number;
  sentAtMs?: number;
  sentFromMobile: '' | '0' | '1';
  mobileError: string;
  apiError: string;
}

/** A message that the provider took, and what its phone made of it. */
export interface TakenMessage {
  readonly id: string;
  readonly recipient: string;
  readonly text: string;
  readonly accountLabel: string;
  readonly phoneId: string;
  /** When the provider took it, epoch milliseconds. */
  readonly takenAtMs: number;
  /** From when on the list of sent messages shows it, epoch milliseconds; undefined for never. */
  readonly listedFromMs?: number;
  /** When its phone failed to send it for the first time, epoch milliseconds. */
  readonly failedAtMs?: number;
  /** When its phone sent it, epoch milliseconds. */
  readonly sentAtMs?: number;
  /** `failed` is not the end for a phone that tries again. */
  readonly state: 'pending' | 'sent' | 'failed';
  /** With `failed`: the error in the list of sent messages. */
  readonly failure?: string;
}

/** A message id as the provider gives them: 40 hex digits. */
export function newMessageId(): string {
  return randomBytes(20).toString('hex');
}

/** Keeps what the provider took and what reached the phones. */
export function createMessageStore(deps: {
  bus: ChangeBus;
  timers: Timers;
  now: () => number;
  phoneDelayMs: number;
  logDelayMs: number;
  /** A phone that is not sends nothing until it is. */
  isOnline: (account: SimulatorAccount, phoneId: string) => boolean;
}) {
  const { bus, timers, now } = deps;
  let messages: SimulatorMessage[] = [];
  let rows: SentRow[] = [];
  let pending = 0;
  let generation = 0;
  /** What phones that are offline do when they are back. */
  let queued: { submission: Submission; work: () => void }[] = [];

  /** Does something with the message after a time, as soon as its phone is online. */
  function later(delayMs: number, { submission }: SentRow, work: () => void): void {
    const takenIn = generation;
    timers.after(delayMs, () => {
      if (takenIn !== generation) return;
      if (deps.isOnline(submission.account, submission.phone.id)) work();
      else queued.push({ submission, work });
    });
  }

  function reachPhone(row: SentRow, fate: Fate): void {
    const { phoneError = '', providerError = '', phoneRetryMs } = fate;
    if (phoneError === '' && providerError === '') {
      if (fate.phoneNever !== true) sendFromPhone(row);
      else pending -= 1;
      return;
    }
    row.failedAtMs = now();
    row.mobileError = phoneError;
    row.apiError = providerError;
    row.sentFromMobile = '0';
    bus.emit('change');
    if (phoneRetryMs === undefined) pending -= 1;
    else
      later(phoneRetryMs, row, () => {
        sendFromPhone(row);
      });
  }

  function sendFromPhone(row: SentRow): void {
    const sentAtMs = now();
    pending -= 1;
    row.sentAtMs = sentAtMs;
    row.mobileError = '';
    row.apiError = '';
    row.sentFromMobile = '1';
    const { recipient, text, phone, simSlot, account } = row.submission;
    const message: SimulatorMessage = {
      id: row.id,
      recipient,
      text,
      at: new Date(sentAtMs).toISOString(),
      sendingPhoneId: phone.id,
      sendingPhoneLabel: phone.label,
      simSlot,
      accountLabel: account.label,
    };
    messages.push(message);
    bus.emit('message', message);
  }

  return {
    /** Takes a message: the row is written, and the phone sends it after its delay. */
    take(id: string, submission: Submission, fate: Fate): void {
      const takenAtMs = now();
      const row: SentRow = {
        id,
        submission,
        takenAtMs,
        visibleFromMs: fate.rowMissing === true ? Infinity : takenAtMs + (fate.rowDelayMs ?? deps.logDelayMs),
        sentFromMobile: '',
        mobileError: '',
        apiError: '',
      };
      rows.push(row);
      pending += 1;
      const waitMs = Math.max(0, (submission.scheduledAtMs ?? 0) - takenAtMs);
      later(waitMs + (fate.phoneDelayMs ?? deps.phoneDelayMs), row, () => {
        reachPhone(row, fate);
      });
    },
    /** Lets phones that are online again do what they could not. */
    flush(): void {
      const due = queued;
      queued = [];
      for (const entry of due) {
        const { account, phone } = entry.submission;
        if (deps.isOnline(account, phone.id)) entry.work();
        else queued.push(entry);
      }
    },
    messages: () => messages,
    /** What the provider took, oldest first. */
    taken: (): TakenMessage[] => rows.map(describeTaken),
    /** The account and phone that the last message to a number was taken from. */
    lastSenderTo: (number: string): { accountLabel: string; phoneId: string } | undefined => {
      const last = rows.findLast(({ submission }) => submission.recipient === number)?.submission;
      return last && { accountLabel: last.account.label, phoneId: last.phone.id };
    },
    /** Messages taken and not yet sent by their phone. */
    pendingCount: () => pending,
    /** The rows of one account that the log shows by now, newest first. */
    rowsOf: (account: SimulatorAccount): SentRow[] =>
      rows
        .filter((row) => row.submission.account.label === account.label && row.visibleFromMs <= now())
        .reverse(),
    /** Empties phones and log; what was on its way never arrives. */
    clear(): void {
      messages = [];
      rows = [];
      pending = 0;
      queued = [];
      generation += 1;
      bus.emit('change');
    },
  };
}

/** What the provider took and what reached the phones. */
export type MessageStore = ReturnType<typeof createMessageStore>;

function describeTaken(row: SentRow): TakenMessage {
  const { id, submission, takenAtMs, visibleFromMs, failedAtMs, sentAtMs } = row;
  const { recipient, text, account, phone } = submission;
  const taken = {
    id,
    recipient,
    text,
    accountLabel: account.label,
    phoneId: phone.id,
    takenAtMs,
    ...(visibleFromMs < Infinity && { listedFromMs: visibleFromMs }),
    ...(failedAtMs !== undefined && { failedAtMs }),
    ...(sentAtMs !== undefined && { sentAtMs }),
  };
  if (row.sentFromMobile === '1') return { ...taken, state: 'sent' };
  if (row.sentFromMobile === '') return { ...taken, state: 'pending' };
  return { ...taken, state: 'failed', failure: row.mobileError === '' ? row.apiError : row.mobileError };
}
