import type { AccountKey, Recipient } from '../domain/account-key.js';
import type { PhonesReading, PhonesRequest } from '../domain/connected-phones.js';
import type { DeliveryAnswer, DeliveryQuestion } from '../domain/delivery-question.js';
import type { InboxReading, InboxRequest } from '../domain/inbound-messages.js';
import type { OutreachTimes } from '../domain/inbox-cadence.js';
import type { InboxState, PendingOptOut, SortedInbox } from '../domain/inbox.js';
import type { Clearance, ClearanceRequest, MomentAnswer, MomentRequest } from '../domain/moment.js';
import type { WaitKind } from '../domain/wait-reason.js';
import type { OwningRun, RunOwner } from '../domain/run-owner.js';
import type { SendOutcome } from '../domain/send-outcome.js';
import type { SendRequest } from '../domain/send-request.js';
import type { SentMessages, SentMessagesRequest } from '../domain/sent-messages.js';

/** What activities need of the outside; `src/worker/open-ports.ts` wires the adapters in. */
export interface ActivityPorts {
  readonly accounts: {
    /**
     * The account's key, and with a recipient what is decided about writing to it, in one query;
     * undefined if there is no such account, or it has no key. Throws SmsError
     * DATABASE_UNAVAILABLE.
     */
    findEncryptedApiKey(accountId: string, recipient?: Recipient): Promise<AccountKey | undefined>;
  };
  /** Who may be written to, and when; undefined where SMS_POLICIES is off. */
  readonly policies: PoliciesPort | undefined;
  readonly inboxes: InboxesPort;
  /** What people answer; undefined where SMS_POLICIES is off. */
  readonly inbox: InboxPort | undefined;
  /** Undefined where the process has no decryption key. */
  readonly cipher: ApiKeyCipherPort | undefined;
  readonly provider: {
    /** Makes one request; never throws. */
    send(request: SendRequest): Promise<SendOutcome>;
  };
  readonly sentMessages: {
    /** Reads the provider's list of sent messages back to a given time; never throws. */
    read(request: SentMessagesRequest): Promise<SentMessages>;
  };
  /** What phones did with accepted messages. */
  readonly deliveries: {
    /**
     * Reads it for one message, at the pace of its account; all that are due share one request.
     * Never throws.
     */
    read(question: DeliveryQuestion): Promise<DeliveryAnswer>;
    /** Reads the list of an account's phones; never throws. */
    readPhones(request: PhonesRequest): Promise<PhonesReading>;
  };
  readonly runs: RunsPort;
  readonly tasks: TasksPort;
  /** The digest of an E.164 number. */
  readonly recipientKey: (recipientPhone: string) => string;
  /** What is done with runs whose job was not encrypted: started by hand, or by another SDK. */
  readonly unencryptedJobs: 'admitted' | 'refused';
  /**
   * How far behind Temporal's list of runs may be, in milliseconds: a row is claimed only after the
   * other runs were listed this long after it was first read.
   */
  readonly listingLagMs: number;
  /** Epoch milliseconds, wall clock. */
  readonly now: () => number;
  /** Waits, in milliseconds; rejects when the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** What PostgreSQL decides. Every method throws SmsError DATABASE_UNAVAILABLE. */
export interface PoliciesPort {
  /**
   * Grants the earliest moment at which a marketing request may be made, and records it; the same
   * ticket gets the same answer, unless the hours have changed or an earlier moment has become
   * free. `readInbox`: the account's inbox must be read soon; `waitsFor`: what the request has to
   * wait for. Throws SmsError VALIDATION_FAILED, API_KEY_REQUIRED, RECIPIENT_OPTED_OUT,
   * MESSAGE_EXPIRED.
   */
  reserveMoment(request: MomentRequest): Promise<MomentDecided>;
  /** Gives back a grant that was not used. */
  releaseMoment(ticket: string): Promise<void>;
  /** Records that the sending phone works again. */
  openPhone(phone: { readonly accountId: string; readonly lane: string }): Promise<void>;
  /** Whether a request may be made at once. */
  clear(request: ClearanceRequest): Promise<Clearance>;
}

/** What was decided about a question for a moment. */
export interface MomentDecided {
  readonly answer: MomentAnswer;
  readonly readInbox: boolean;
  readonly waitsFor?: WaitKind | undefined;
}

/** The runs that read the inboxes of accounts. */
export interface InboxesPort {
  /** Has an account's inbox read at once. Throws if Temporal does not answer. */
  readSoon(accountId: string): Promise<void>;
}

/** What people answer, and what follows from it. */
export interface InboxPort {
  readonly store: InboxStorePort;
  /** The text that confirms an opt-out; undefined if none is sent. */
  readonly reply: string | undefined;
  /** No inbox is read more often, in milliseconds. */
  readonly minDelayMs: number;
  /** Reads what people have written to the account's phones; never throws. */
  read(request: InboxRequest): Promise<InboxReading>;
  /** Has the sends that wait for this number look. Throws if Temporal does not answer. */
  announceOptOut(recipient: { readonly accountId: string; readonly phone: string }): Promise<void>;
  /** Starts the one send that confirms an opt-out. Throws if Temporal does not answer. */
  confirmOptOut(confirmation: {
    readonly accountId: string;
    readonly phone: string;
    readonly workflowId: string;
    readonly message: string;
  }): Promise<void>;
}

/** What is stored of inboxes. Every method throws SmsError DATABASE_UNAVAILABLE. */
export interface InboxStorePort {
  find(accountId: string): Promise<InboxState>;
  /** The part of it that says when the next reading is due, at little cost. */
  findTimes(accountId: string): Promise<OutreachTimes>;
  /** Stores a reading: each answer once, and with it the opt-out that it is. */
  recordReading(
    accountId: string,
    reading: SortedInbox,
    options: { readonly confirm: boolean },
  ): Promise<void>;
  /** Records that the inbox could not be read; `reason` in a few plain words. */
  recordFailure(accountId: string, reason: string): Promise<void>;
  /** Opt-outs whose waiting sends do not know, or whose confirmation was not started. */
  pendingOptOuts(accountId: string): Promise<{
    readonly unannounced: readonly PendingOptOut[];
    readonly unconfirmed: readonly PendingOptOut[];
  }>;
  markAnnounced(accountId: string, phone: string): Promise<void>;
  markConfirmed(accountId: string, phone: string): Promise<void>;
  /** Erases the texts of answers that are older than 90 days. */
  eraseOldTexts(accountId: string): Promise<void>;
}

/** What Temporal knows of the other runs, and who owns which message. */
export interface RunsPort {
  /**
   * The runs that may own messages which this account sent to this number since a given time (epoch
   * milliseconds): running ones, and those closed since. Throws if they cannot all be listed and
   * read, and if `self`, the run that asks, is not among them.
   */
  listOwningRuns(query: {
    accountId: string;
    recipientPhone: string;
    sinceMs: number;
    self?: RunOwner;
  }): Promise<readonly OwningRun[]>;
  /**
   * Who has claimed a message; undefined if it is unclaimed. Throws if Temporal does not answer.
   */
  findClaim(message: AccountMessage): Promise<RunOwner | undefined>;
  /**
   * Claims a message: of all that try, one gets it. Returns whose it is now, which is `owner` also
   * if it was before. Throws if Temporal does not answer.
   */
  claim(message: AccountMessage, owner: RunOwner): Promise<RunOwner>;
}

/** What Temporal knows of the task at hand. */
export interface TasksPort {
  /**
   * Whether Temporal still wants the result of an activity, and since when (epoch milliseconds, its
   * own clock); undefined if it has given it up or was asked to cancel it. Throws if it does not
   * answer.
   */
  findStart(task: {
    workflowId: string;
    runId: string;
    activityId: string;
  }): Promise<{ readonly startedAtMs: number } | undefined>;
}

/** A message in an account's list of sent messages. */
export interface AccountMessage {
  readonly accountId: string;
  readonly messageId: string;
}

export interface ApiKeyCipherPort {
  /** Decrypts a stored key and seals it for one run. Throws SmsError API_KEY_DECRYPTION_FAILED. */
  reseal(encryptedApiKey: string, owner: RunOwner): string;
  /** The API key in clear. Throws SmsError API_KEY_DECRYPTION_FAILED. */
  unseal(sealedApiKey: string, owner: RunOwner): string;
}
