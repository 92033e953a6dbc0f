import type { OptOutSource } from '../domain/opt-out-source.js';

/** A recipient, as one account knows them. */
export interface OptOutRecipient {
  /** The account that writes: a UUID. */
  readonly accountId: string;
  /** The recipient's number: as people write it when it is passed, E.164 when it is returned. */
  readonly recipientPhone: string;
}

/** An opt-out to add. */
export interface NewOptOut extends OptOutRecipient {
  /**
   * How it came to be: a reply (`keyword`), a person (`operator`), or the web app (`api`).
   *
   * @default 'api'
   */
  readonly source?: OptOutSource | undefined;
  /**
   * When the recipient opted out.
   *
   * @default now
   */
  readonly optedOutAt?: Date | undefined;
  /** The provider's id of the message that said so. */
  readonly inboundId?: string | undefined;
}

/** An opt-out that is stored. */
export interface OptOut extends OptOutRecipient {
  /** How it came to be. */
  readonly source: OptOutSource;
  /** ISO 8601, UTC. */
  readonly optedOutAt: string;
  /** The provider's id of the message that said so. */
  readonly inboundId?: string;
}

/** Which opt-outs are wanted: those that meet every condition given. */
export interface OptOutListOptions {
  /** The account that writes. */
  readonly accountId?: string | undefined;
  /** The recipient's number as people write it. */
  readonly recipientPhone?: string | undefined;
  /** Opted out at this time or later. */
  readonly since?: Date | undefined;
  /** Opted out before this time. */
  readonly until?: Date | undefined;
  /**
   * How many are fetched per request, 1 to 10,000.
   *
   * @default 500
   */
  readonly pageSize?: number | undefined;
}

/**
 * The forms of a list of opt-outs: comma-separated values with a head, or one JSON object a line.
 */
export type OptOutFormat = 'csv' | 'jsonl';

/** How a list of opt-outs is read. */
export interface OptOutImportOptions {
  /** The account of the lines that name none. */
  readonly accountId?: string | undefined;
  /**
   * How lines came to be that do not say so.
   *
   * @default 'api'
   */
  readonly source?: OptOutSource | undefined;
}

/** What became of opt-outs that were to be added. */
export interface OptOutsAdded {
  /** The recipients who were not opted out before. */
  readonly added: readonly OptOutRecipient[];
  /** How many were opted out before, or were named twice. */
  readonly existing: number;
}

/** A reply that may be an opt-out. Marketing messages to its sender wait until somebody decides. */
export interface PossibleOptOut extends OptOutRecipient {
  /** The message's id, to decide with. */
  readonly id: string;
  /** What the recipient wrote; absent once it was erased, after 90 days. */
  readonly message?: string;
  /** ISO 8601, UTC. */
  readonly receivedAt: string;
}

/** Which possible opt-outs are wanted. */
export interface PossibleOptOutListOptions {
  /** The account that writes. */
  readonly accountId?: string | undefined;
  /** The recipient's number as people write it. */
  readonly recipientPhone?: string | undefined;
  /**
   * How many are fetched per request, 1 to 10,000.
   *
   * @default 500
   */
  readonly pageSize?: number | undefined;
}

/** Which possible opt-out is meant. */
export interface DecisionOptions {
  /** Its account; needed where several accounts have a message of this id. */
  readonly accountId?: string | undefined;
}

/** Who has opted out. Every method throws SmsError DATABASE_UNAVAILABLE if PostgreSQL is away. */
export interface SmsOptOuts {
  /**
   * Opts a recipient out: nothing more is written to them by this account. Adding twice changes
   * nothing; `added` says whether it was new.
   *
   * @throws SmsError VALIDATION_FAILED, PHONE_NUMBER_INVALID
   *
   * @example
   * const { added } = await policies.optOuts.add({ accountId, recipientPhone: '06 39 98 00 42' });
   */
  add(optOut: NewOptOut): Promise<{ readonly added: boolean }>;
  /**
   * Adds many, 500 in one statement; all are checked before the first is written.
   *
   * @throws SmsError VALIDATION_FAILED, PHONE_NUMBER_INVALID: nothing was written
   *
   * @example
   * const { added, existing } = await policies.optOuts.addAll(formerCustomers);
   */
  addAll(optOuts: readonly NewOptOut[]): Promise<OptOutsAdded>;
  /**
   * Lets an account write to a recipient again; `removed` is false if they had not opted out.
   *
   * @throws SmsError VALIDATION_FAILED, PHONE_NUMBER_INVALID
   *
   * @example
   * await policies.optOuts.remove({ accountId, recipientPhone });
   */
  remove(recipient: OptOutRecipient): Promise<{ readonly removed: boolean }>;
  /**
   * Whether a recipient has opted out. Sends look by themselves.
   *
   * @throws SmsError VALIDATION_FAILED, PHONE_NUMBER_INVALID
   *
   * @example
   * if (await policies.optOuts.has({ accountId, recipientPhone })) hideTheButton();
   */
  has(recipient: OptOutRecipient): Promise<boolean>;
  /**
   * Lists opt-outs, the newest first. Pages are fetched as they are read.
   *
   * @throws SmsError VALIDATION_FAILED, PHONE_NUMBER_INVALID
   *
   * @example
   * for await (const { recipientPhone, optedOutAt } of policies.optOuts.list({ accountId })) show(recipientPhone, optedOutAt);
   */
  list(options?: OptOutListOptions): AsyncIterable<OptOut>;
  /**
   * Writes opt-outs as lines without their ends, for a file that `import` reads.
   *
   * @throws SmsError VALIDATION_FAILED, PHONE_NUMBER_INVALID
   *
   * @example
   * for await (const line of policies.optOuts.export('csv')) response.write(`${line}\n`);
   */
  export(format: OptOutFormat, options?: OptOutListOptions): AsyncIterable<string>;
  /**
   * Adds the opt-outs of a list: of `export`, of a spreadsheet with a column `phone`, or numbers
   * alone, one a line. All lines are checked before the first is written.
   *
   * @throws SmsError VALIDATION_FAILED, which names the lines that are wrong: nothing was written
   *
   * @example
   * await policies.optOuts.import(await readFile('opt-outs.csv', 'utf8'), { accountId });
   */
  import(text: string, options?: OptOutImportOptions): Promise<OptOutsAdded>;
  /**
   * Lists the replies that may be opt-outs and wait for a decision, the oldest first.
   *
   * @throws SmsError VALIDATION_FAILED, PHONE_NUMBER_INVALID
   *
   * @example
   * for await (const { id, message } of policies.optOuts.possible()) show(id, message);
   */
  possible(options?: PossibleOptOutListOptions): AsyncIterable<PossibleOptOut>;
  /**
   * Decides that a reply is an opt-out: its sender is opted out, and their other replies are
   * settled, too.
   *
   * @returns who was opted out
   * @throws SmsError NOT_FOUND: no reply that may be an opt-out has this id; VALIDATION_FAILED
   *
   * @example
   * await policies.optOuts.confirm(id);
   */
  confirm(id: string, options?: DecisionOptions): Promise<OptOutRecipient>;
  /**
   * Decides that a reply does not mean an opt-out: messages to its sender go on.
   *
   * @returns who may be written to
   * @throws SmsError NOT_FOUND: no reply that may be an opt-out has this id; VALIDATION_FAILED: it
   *   was confirmed
   *
   * @example
   * await policies.optOuts.dismiss(id);
   */
  dismiss(id: string, options?: DecisionOptions): Promise<OptOutRecipient>;
}
