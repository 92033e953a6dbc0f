import type { OptOutSource } from '../../domain/opt-out-source.js';
import { recipientDigest, recipientDigestOf } from '../policies/recipient-digest.js';
import { conditionsOf, createParameters, where, type RowOwner } from './conditions.js';
import { readPages } from './read-pages.js';
import type { Statements } from './statements.js';

/** An opt-out to store. Accounts are in lower case, numbers in E.164. */
export interface OptOutRow {
  readonly accountId: string;
  readonly phone: string;
  readonly source: OptOutSource;
  /** Undefined: now, by PostgreSQL's clock. */
  readonly optedOutAt?: Date | undefined;
  readonly inboundId?: string | undefined;
}

/** An opt-out as it is stored. */
export type StoredOptOut = OptOutRow & { readonly optedOutAt: Date };

/** Who has opted out of what. */
export interface RecipientRow {
  readonly accountId: string;
  readonly phone: string;
}

/** The opt-outs. Every method throws SmsError DATABASE_UNAVAILABLE. */
export interface OptOutStore {
  /** Adds those that are not there, in one statement; answers which these were. */
  add(optOuts: readonly OptOutRow[]): Promise<readonly RecipientRow[]>;
  /** Whether there was one. */
  remove(recipient: RecipientRow): Promise<boolean>;
  has(recipient: RecipientRow): Promise<boolean>;
  /** The newest first. */
  list(filter: OptOutFilter, pageSize: number): AsyncGenerator<StoredOptOut>;
  /** Records that the sends to these recipients were notified. */
  markAnnounced(recipients: readonly RecipientRow[]): Promise<void>;
}

/** Which opt-outs are wanted. */
export interface OptOutFilter extends RowOwner {
  /** Opted out at this time or later. */
  readonly since?: Date | undefined;
  /** Opted out before this time. */
  readonly until?: Date | undefined;
}

interface OptOutColumns {
  readonly account_id: string;
  readonly phone: string;
  readonly opted_out_at: Date;
  readonly source: OptOutSource;
  readonly inbound_id: string | null;
}

/** Makes the opt-outs behind a pool. */
export function createOptOutStore({ run }: Pick<Statements, 'run'>): OptOutStore {
  return {
    async add(optOuts) {
      const rows = await run<Pick<OptOutColumns, 'account_id' | 'phone'>>(ADD, [toJson(optOuts)]);
      return rows.map(({ account_id: accountId, phone }) => ({ accountId, phone }));
    },
    async remove(recipient) {
      const parameters = createParameters();
      const conditions = where(conditionsOf('o', recipient, parameters));
      const rows = await run(
        `DELETE FROM durable_sms.opt_outs o ${conditions} RETURNING 1`,
        parameters.values,
      );
      return rows.length > 0;
    },
    async has(recipient) {
      const parameters = createParameters();
      const conditions = where(conditionsOf('o', recipient, parameters));
      const rows = await run(`SELECT 1 FROM durable_sms.opt_outs o ${conditions} LIMIT 1`, parameters.values);
      return rows.length > 0;
    },
    list: (filter, pageSize) => readPages((after) => readPage(run, filter, { after, pageSize }), pageSize),
    async markAnnounced(recipients) {
      const digests = JSON.stringify(recipients.map(recipientDigest));
      await run(
        `UPDATE durable_sms.opt_outs o SET announced_at = pg_catalog.now()
         WHERE ${recipientDigestOf('o')} IN (SELECT pg_catalog.decode(digest, 'hex')
           FROM pg_catalog.json_array_elements_text($1::text::json) AS digest)`,
        [digests],
      );
    },
  };
}

/** Sorted, so that two imports at once never wait for each other. */
const ADD = `
  INSERT INTO durable_sms.opt_outs (account_id, phone, opted_out_at, source, inbound_id)
  SELECT DISTINCT ON (e.account_id, e.phone) e.account_id, e.phone,
    coalesce(e.opted_out_at, pg_catalog.now()), e.source, e.inbound_id
  FROM pg_catalog.json_to_recordset($1::text::json)
    AS e(account_id uuid, phone text, opted_out_at timestamptz, source text, inbound_id text)
  ORDER BY e.account_id, e.phone, e.opted_out_at
  ON CONFLICT (account_id, phone) DO NOTHING
  RETURNING account_id, phone`;

function toJson(optOuts: readonly OptOutRow[]): string {
  return JSON.stringify(
    optOuts.map(({ accountId, phone, source, optedOutAt, inboundId }) => ({
      account_id: accountId,
      phone,
      opted_out_at: optedOutAt?.toISOString(),
      source,
      inbound_id: inboundId,
    })),
  );
}

async function readPage(
  run: Statements['run'],
  { since, until, ...owner }: OptOutFilter,
  { after, pageSize }: { readonly after: StoredOptOut | undefined; readonly pageSize: number },
): Promise<readonly StoredOptOut[]> {
  const parameters = createParameters();
  const digest = recipientDigestOf('o');
  const moment = (at: Date) => parameters.add(at.toISOString(), 'timestamptz');
  const conditions = [
    ...conditionsOf('o', owner, parameters),
    ...(since === undefined ? [] : [`o.opted_out_at >= ${moment(since)}`]),
    ...(until === undefined ? [] : [`o.opted_out_at < ${moment(until)}`]),
    ...(after === undefined
      ? []
      : [
          `(o.opted_out_at, ${digest}) < (${moment(after.optedOutAt)},
            pg_catalog.decode(${parameters.add(recipientDigest(after), 'text')}, 'hex'))`,
        ]),
  ];
  const rows = await run<OptOutColumns>(
    `SELECT o.account_id, o.phone, o.opted_out_at, o.source, o.inbound_id FROM durable_sms.opt_outs o
     ${where(conditions)} ORDER BY o.opted_out_at DESC, ${digest} DESC LIMIT ${parameters.add(pageSize, 'integer')}`,
    parameters.values,
  );
  return rows.map((row) => ({
    accountId: row.account_id,
    phone: row.phone,
    optedOutAt: row.opted_out_at,
    source: row.source,
    inboundId: row.inbound_id ?? undefined,
  }));
}
