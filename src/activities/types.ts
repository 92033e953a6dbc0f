import type { PhoneReading } from '../domain/following/phone-report.js';
import type { MomentAnswer, MomentRequest } from '../domain/moment.js';
import type { ProviderAnswer } from '../domain/provider-answer.js';
import type { KnownRow, SentSmsVerdict } from '../domain/reconciliation/verdict.js';
import type { RunOwner } from '../domain/run-owner.js';

export type { KnownRow, SentSmsVerdict };

/** Which run an activity works for; stays the same when the run is reset. */
export interface RunIdentity {
  readonly originalRunId: string;
}

/**
 * Nothing proves that a job was made for its run: anyone can write a plain one, and an unbound one
 * fits every run.
 */
export type UnprovenOrigin = 'plain' | 'unbound';

export interface LoadEncryptedApiKeyInput {
  readonly accountId: string;
  /**
   * The run's job was stored unencrypted, or is bound to no workflow id: this worker may refuse it.
   */
  readonly jobOrigin?: UnprovenOrigin;
  /** E.164: whether this recipient has opted out is read with the key. */
  readonly recipientPhone?: string;
  /** Sending phone and SIM, see `laneOf`. */
  readonly lane?: string;
}

export interface EncryptedApiKey {
  /** base64(iv ‖ tag ‖ ciphertext), as the web app stored it. */
  readonly encryptedApiKey: string;
  /**
   * Whether the recipient has opted out: then nothing more is requested. Undefined where that was
   * not read.
   */
  readonly optedOut?: boolean;
  /** Until when the sending phone is known not to send, epoch milliseconds. */
  readonly closedUntilMs?: number;
}

export interface DecryptApiKeyInput extends RunIdentity, Pick<EncryptedApiKey, 'encryptedApiKey'> {}

export interface SealedApiKey {
  /** Opens for this run's sends only, and only where the encryption key is. */
  readonly sealedApiKey: string;
}

export interface SendSmsInput extends RunIdentity, SealedApiKey {
  /** E.164. */
  readonly recipientPhone: string;
  readonly message: string;
  readonly sendingPhoneId?: string;
  readonly simSlot?: 1 | 2;
  /** Which request of the run this is, from 1. */
  readonly attempt: number;
  /** The time after which nothing may be sent, epoch milliseconds. */
  readonly deadlineMs: number;
  /** The reset run that may send all the same, as an operator has decided. */
  readonly clearedRunId?: string;
  readonly accountId: string;
  /** Sending phone and SIM, see `laneOf`. */
  readonly lane: string;
  /**
   * When the key was loaded, and with it whether the recipient has opted out, epoch milliseconds;
   * undefined if that was not read with it.
   */
  readonly clearedAtMs?: number;
  /** The moment that was granted to a marketing request. */
  readonly ticket?: string;
  /** `options.timeZone` of the job, for a marketing request. */
  readonly timeZone?: string;
}

/** Without the run's own id, which the activity adds. */
export type ReserveMomentInput = Omit<MomentRequest, 'workflowId'>;

export interface ReadInboxInput {
  readonly accountId: string;
}

export interface ReadInboxResult {
  /** The account has written to nobody for 30 days: its inbox need not be read. */
  readonly isIdle: boolean;
}

export interface ReleaseMomentInput {
  readonly ticket: string;
}

export interface OpenPhoneInput {
  readonly accountId: string;
  readonly lane: string;
}

export interface SentSms {
  readonly messageId: string;
  /** When the acceptance was read, ISO 8601, UTC. */
  readonly timestamp: string;
  /** For people who look into the run. */
  readonly answer?: ProviderAnswer;
}

export interface FindSentSmsInput extends RunIdentity, SealedApiKey {
  readonly accountId: string;
  /** E.164. */
  readonly recipientPhone: string;
  readonly message: string;
  /** When the first request of unknown outcome began, epoch milliseconds. */
  readonly fromMs: number;
  /** When the last one ended, epoch milliseconds. */
  readonly toMs: number;
  /** The run that made them, if that is not the one that asks. */
  readonly owner?: RunOwner;
  /**
   * The API key that the last of them was made with, sealed for that run; undefined if it is not
   * known.
   */
  readonly requestedWith?: string;
  /** Rows that an earlier reading has shown to have no owner. */
  readonly knownRows?: readonly KnownRow[];
}

export interface FindDuplicateInput extends Omit<FindSentSmsInput, 'requestedWith' | 'knownRows'> {
  /** The message that the run was accepted with. */
  readonly messageId: string;
}

export interface PossibleDuplicate {
  /** Another message with this number and text that no run owns. */
  readonly possibleDuplicateOf?: string;
  /** Why the sent messages were inconclusive, in a few plain words. */
  readonly unclear?: string;
}

export interface FollowSmsInput {
  readonly accountId: string;
  readonly jobOrigin?: UnprovenOrigin;
  /** The message that the provider has accepted. */
  readonly messageId: string;
  /** The provider took it at this time or later, epoch milliseconds. */
  readonly sinceMs: number;
  readonly sendingPhoneId?: string;
  /** No further check follows: then the phone's last sign of life is wanted, too. */
  readonly isLast: boolean;
}

export interface ClaimMessageInput extends RunIdentity {
  readonly accountId: string;
  /** E.164. */
  readonly recipientPhone: string;
  readonly messageId: string;
  /** When the run was started, epoch milliseconds. */
  readonly startedAtMs: number;
}

export interface MessageClaim {
  /** False: the message belongs to another run. */
  readonly isOwn: boolean;
}

export interface RunOrigin {
  /** The run was reset: an earlier one under this workflow id may have sent. */
  readonly wasReset: boolean;
}

export interface ComputeRecipientKeyInput {
  /** E.164. */
  readonly recipientPhone: string;
}

export interface RecipientKeyDigest {
  /** For the search attribute `SmsRecipientKey`. */
  readonly recipientKey: string;
}

/** The activities, as the workflow sees them. */
export interface Activities {
  /**
   * Reads the account's encrypted API key. Fails with API_KEY_REQUIRED, VALIDATION_FAILED for a job
   * that came plain (not retried), DATABASE_UNAVAILABLE (retried).
   */
  loadEncryptedApiKey(input: LoadEncryptedApiKeyInput): Promise<EncryptedApiKey>;
  /**
   * Decrypts the API key and returns it sealed, as a result is stored in the run's history.
   * Fails with ENCRYPTION_KEY_MISSING, API_KEY_DECRYPTION_FAILED (neither is retried).
   */
  decryptApiKey(input: DecryptApiKeyInput): Promise<SealedApiKey>;
  /**
   * Makes one request to the provider; to be scheduled with one attempt, as the workflow decides
   * what may be repeated. Fails with API_KEY_INVALID, MESSAGE_SEND_FAILED,
   * API_KEY_DECRYPTION_FAILED, ENCRYPTION_KEY_MISSING, MESSAGE_EXPIRED (final),
   * PROVIDER_UNAVAILABLE, RATE_LIMITED (proven not sent; `details[1]` holds the provider's wish,
   * `details[2]` its answer) or SEND_OUTCOME_UNKNOWN (maybe sent). Any other failure is to be read
   * as SEND_OUTCOME_UNKNOWN.
   */
  sendSms(input: SendSmsInput): Promise<SentSms>;
  /**
   * Looks in the provider's list of sent messages for a message that may have been sent, and claims
   * it for its run. It only reads from the provider, so it may be repeated. Errors become its
   * verdict; the activity does not fail.
   */
  findSentSms(input: FindSentSmsInput): Promise<SentSmsVerdict>;
  /**
   * Looks for a second message beside the one that was accepted, after a message was sent again.
   * Claims nothing.
   */
  findDuplicate(input: FindDuplicateInput): Promise<PossibleDuplicate>;
  /**
   * Reads once what the phone did with an accepted message, with the account's key of now; sends
   * and claims nothing. Fails with API_KEY_REQUIRED, API_KEY_INVALID, API_KEY_DECRYPTION_FAILED,
   * ENCRYPTION_KEY_MISSING, VALIDATION_FAILED (none is retried), DATABASE_UNAVAILABLE,
   * PROVIDER_UNAVAILABLE (retried; the latter also says that the account's turn has not come).
   */
  followSms(input: FollowSmsInput): Promise<PhoneReading>;
  /**
   * Claims a message that an operator names. Fails, and is retried, while Temporal does not answer.
   */
  claimMessage(input: ClaimMessageInput): Promise<MessageClaim>;
  /**
   * Whether the run was reset, for runs that end without having sent; workflow code must not look
   * at its run id.
   */
  findRunOrigin(input: RunIdentity): Promise<RunOrigin>;
  /**
   * When a marketing request may be made. Fails with RECIPIENT_OPTED_OUT, API_KEY_REQUIRED,
   * MESSAGE_EXPIRED, VALIDATION_FAILED (none is retried), DATABASE_UNAVAILABLE (retried).
   */
  reserveMoment(input: ReserveMomentInput): Promise<MomentAnswer>;
  /** Gives back a moment that was not used. */
  releaseMoment(input: ReleaseMomentInput): Promise<void>;
  /** Records that the sending phone works again. */
  openPhone(input: OpenPhoneInput): Promise<void>;
  /**
   * Reads an account's inbox again and again for ten minutes, stores answers and opt-outs, and
   * heartbeats. Fails with DATABASE_UNAVAILABLE; to be retried.
   */
  readInbox(input: ReadInboxInput): Promise<ReadInboxResult>;
  /** The digest of a number, for runs that were not started through the client. */
  computeRecipientKey(input: ComputeRecipientKeyInput): Promise<RecipientKeyDigest>;
}
