/**
 * One SMS to send.
 *
 * @example
 * const job: SmsJob = {
 *   recipientPhone: '06 39 98 00 42',
 *   message: 'Bonjour, votre annonce est-elle toujours disponible ?',
 *   accountId: '6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e',
 *   metadata: { leadId: 'lead-42' },
 *   options: { expiresAt: '2030-01-01T20:00:00+01:00' },
 * };
 */
export interface SmsJob {
  /**
   * The recipient's phone number. The client takes it as people write it and makes it E.164
   * (`+33639980042`); a job that is started without the client must hold it in E.164.
   */
  readonly recipientPhone: string;
  /**
   * The text: well-formed Unicode that shows something, at most 255 segments (39,015 characters of
   * GSM-7, or 17,085 of UCS-2 as soon as one character lies outside of GSM-7). It is sent as it is.
   */
  readonly message: string;
  /**
   * The account whose SMSMobileAPI key sends the message: a UUID, the primary key of its row in
   * `accounts`.
   */
  readonly accountId: string;
  /**
   * Ids to find the send by. They are stored in clear, so they must not hold the recipient's
   * number.
   */
  readonly metadata?: SmsMetadata | undefined;
  /** How this one SMS is sent. */
  readonly options?: SmsOptions | undefined;
}

/**
 * Ids to find a send by, each 1 to 128 letters, digits or `.` `_` `:` `-`. Temporal stores them in
 * clear.
 */
export interface SmsMetadata {
  /** The hunt that the message belongs to. */
  readonly huntId?: string | undefined;
  /** The ad that the message answers. */
  readonly adId?: string | undefined;
  /** The lead that the message is for. */
  readonly leadId?: string | undefined;
}

/**
 * How one SMS is sent. Every option has a default.
 *
 * @example Let a person decide when it is unknown whether the message was sent
 * await sms.send({ recipientPhone, message, accountId, options: { onUnknown: 'hold' } });
 *
 * @example Send tomorrow at 9:00, or not at all once it is 10:00
 * const options = { sendAt: '2030-01-02T09:00:00+01:00', expiresAt: '2030-01-02T10:00:00+01:00' };
 * await sms.send({ recipientPhone, message, accountId, options });
 */
export interface SmsOptions {
  /**
   * What to do when a request has an unknown outcome and the provider's sent messages do not show
   * the message after the last of `unknownChecksMs`: send it again (`resend`), wait for a person to
   * decide (`hold`), or end the send as SEND_OUTCOME_UNKNOWN (`fail`).
   *
   * @default 'resend'
   */
  readonly onUnknown?: 'resend' | 'hold' | 'fail' | undefined;
  /**
   * How often the message is sent again without a person's decision, 0 to 5. After that the send is
   * held.
   *
   * @default 1
   */
  readonly maxResends?: number | undefined;
  /**
   * When the provider's sent messages are read after a request of unknown outcome, in milliseconds
   * from the request's end: 1 to 10 ascending whole numbers, each at most 86,400,000 (24 h). Until
   * the last of them a message can still turn up, so nothing is sent again before.
   *
   * @default [10_000, 30_000, 120_000, 300_000]
   */
  readonly unknownChecksMs?: readonly number[] | undefined;
  /**
   * Whether the send goes on after the provider has accepted the message, until its phone has sent
   * it: then the result says so in `delivery`. Nothing is sent again by that.
   *
   * @default `follow` of the client, else false
   */
  readonly follow?: boolean | undefined;
  /**
   * When the provider's sent messages are read for a message that is followed, in milliseconds from
   * its acceptance: 1 to 10 ascending whole numbers, each at most 604,800,000 (7 days). After the
   * last of them, `delivery` is `unknown`.
   *
   * @default [30_000, 120_000, 600_000, 3_600_000, 21_600_000, 86_400_000]
   */
  readonly followChecksMs?: readonly number[] | undefined;
  /**
   * When to send: ISO 8601 with a time zone, at most a year ahead. A time in the past means at
   * once.
   *
   * @default at once
   */
  readonly sendAt?: string | undefined;
  /**
   * The deadline: ISO 8601 with a time zone, after `sendAt`, at most 30 days after it (or after the
   * start). A message that could not be sent by then ends as MESSAGE_EXPIRED.
   *
   * @default 24 h after `sendAt`, or after the start; 7 days for `purpose: 'marketing'`
   */
  readonly expiresAt?: string | undefined;
  /**
   * Why the message is written. Opt-outs hold for both; the hours and limits of the account's
   * sending policy hold for `marketing` only.
   *
   * @default `purpose` of the client, else 'transactional'
   */
  readonly purpose?: 'transactional' | 'marketing' | undefined;
  /**
   * The recipient's time zone, an IANA name such as `Europe/Paris`, for the hours of a marketing
   * message.
   *
   * @default the zones of the number's country
   */
  readonly timeZone?: string | undefined;
  /**
   * The provider's id of the phone that sends, 1 to 128 printable ASCII characters.
   *
   * @default the account's own phone
   */
  readonly sendingPhoneId?: string | undefined;
  /**
   * The SIM card that sends, in a phone with two.
   *
   * @default the phone's own choice
   */
  readonly simSlot?: 1 | 2 | undefined;
  /**
   * Takes every E.164 number, also one that the numbering plans know as a landline, premium or
   * freephone number. Only the client reads it.
   *
   * @default false
   */
  readonly allowAnyNumber?: boolean | undefined;
}

/**
 * What a send returns: the provider has accepted the message and its phone will send it. Only
 * `delivery` of a followed send says that the phone has sent it, and nothing says that the
 * recipient has it: the provider does not know.
 */
export interface SmsResult {
  /** Always true: a send that fails throws an {@link SmsError} instead. */
  readonly success: true;
  /** The provider's id of the message. */
  readonly messageId: string;
  /**
   * When the provider's acceptance was read, or the date of the message among its sent messages;
   * ISO 8601, UTC.
   */
  readonly timestamp: string;
  /**
   * The provider's id of a second message with this number and text: the message was sent again
   * after an unknown outcome, and the recipient may have it twice.
   */
  readonly possibleDuplicateOf?: string;
  /**
   * With `options.follow`: the phone has sent the message (`sent`), or that is not known to the
   * last check, or to the cancellation of the send (`unknown`).
   */
  readonly delivery?: 'sent' | 'unknown';
  /** When the phone sent it, ISO 8601, UTC; only where the provider says so. */
  readonly sentAt?: string;
  /** With `delivery: 'unknown'`: why, a sentence for people. */
  readonly deliveryReason?: string;
}

/**
 * The ids that a send is found by. Temporal stores them in clear, in memo and search attributes.
 */
export interface CorrelationIds {
  /** `metadata.huntId` of the job. */
  readonly huntId?: string;
  /** `metadata.adId` of the job. */
  readonly adId?: string;
  /** `metadata.leadId` of the job. */
  readonly leadId?: string;
  /** `accountId` of the job, in lower case. */
  readonly accountId?: string;
}

/**
 * Whether an id holds the digits of a number, however they are written: ids are stored in clear.
 *
 * The last eight digits are looked for, as a number is also written without country code and
 * without a leading 0.
 */
export function holdsNumber(id: string, recipientPhone: string): boolean {
  return id.replaceAll(/[._:-]/g, '').includes(recipientPhone.slice(-8));
}
