import { recipientDigestOf } from '../policies/recipient-digest.js';
import { conditionsOf, createParameters, type RowOwner } from './conditions.js';
import type { RecipientRow } from './opt-outs.js';
import { readPages } from './read-pages.js';
import type { Statements } from './statements.js';

/** A reply that may be an opt-out, and that nobody has decided about. */
export interface PossibleOptOutRow extends RecipientRow {
  /** The message's id at the provider. */
  readonly id: string;
  /** Undefined once it was erased. */
  readonly message: string | undefined;
  readonly receivedAt: Date;
}

/** A reply, by the key of its row. */
export interface InboundKey {
  readonly accountId: string;
  readonly id: string;
}

/** Replies that may be opt-outs. Every method throws SmsError DATABASE_UNAVAILABLE. */
export interface PossibleOptOutStore {
  /** Those without a decision, the oldest first. */
  list(owner: RowOwner, pageSize: number): AsyncGenerator<PossibleOptOutRow>;
  /** The accounts that have a possible opt-out of this id, decided or not. */
  findAccounts(id: string, accountId: string | undefined): Promise<readonly string[]>;
  /**
   * Opts its sender out, and settles the sender's other replies, too. Its sender; undefined if
   * there is no such reply.
   */
  confirm(key: InboundKey): Promise<RecipientRow | undefined>;
  /** Its sender; undefined if it was confirmed, or there is no such reply. */
  dismiss(key: InboundKey): Promise<RecipientRow | undefined>;
}

interface ReplyColumns {
  readonly account_id: string;
  readonly provider_id: string;
  readonly phone: string;
  readonly message: string | null;
  readonly received_at: Date;
}

/** Makes the possible opt-outs behind a pool. */
export function createPossibleOptOutStore({ run }: Pick<Statements, 'run'>): PossibleOptOutStore {
  return {
    list: (owner, pageSize) => readPages((after) => readPage(run, owner, { after, pageSize }), pageSize),
    async findAccounts(id, accountId) {
      const parameters = createParameters();
      const conditions = [
        `i.provider_id = ${parameters.add(id, 'text')}`,
        "i.kind = 'possible-opt-out'",
        ...conditionsOf('i', { accountId }, parameters),
      ];
      const rows = await run<Pick<ReplyColumns, 'account_id'>>(
        `SELECT i.account_id FROM durable_sms.inbound_messages i WHERE ${conditions.join(' AND ')}`,
        parameters.values,
      );
      return rows.map((row) => row.account_id);
    },
    async confirm({ accountId, id }) {
      const [row] = await run<ReplyColumns>(CONFIRM, [accountId, id]);
      return row === undefined ? undefined : { accountId: row.account_id, phone: row.phone };
    },
    async dismiss({ accountId, id }) {
      const [row] = await run<ReplyColumns>(DISMISS, [accountId, id]);
      return row === undefined ? undefined : { accountId: row.account_id, phone: row.phone };
    },
  };
}

const CONFIRM = `
  WITH reply AS (
    SELECT account_id, phone, provider_id FROM durable_sms.inbound_messages
    WHERE account_id = $1::uuid AND provider_id = $2::text AND kind = 'possible-opt-out'
  ), decided AS (
    UPDATE durable_sms.inbound_messages i SET decision = 'opt-out', decided_at = pg_catalog.now()
    FROM reply
    WHERE ${recipientDigestOf('i')} = ${recipientDigestOf('reply')} AND i.kind = 'possible-opt-out'
      AND (i.decision IS NULL OR (i.provider_id = reply.provider_id AND i.decision <> 'opt-out'))
  ), added AS (
    INSERT INTO durable_sms.opt_outs (account_id, phone, source, inbound_id)
    SELECT account_id, phone, 'operator', provider_id FROM reply
    ON CONFLICT (account_id, phone) DO NOTHING
  )
  SELECT account_id, phone FROM reply`;

const DISMISS = `
  UPDATE durable_sms.inbound_messages SET decision = 'dismissed',
    decided_at = CASE WHEN decision = 'dismissed' THEN decided_at ELSE pg_catalog.now() END
  WHERE account_id = $1::uuid AND provider_id = $2::text AND kind = 'possible-opt-out'
    AND decision IS DISTINCT FROM 'opt-out'
  RETURNING account_id, phone`;

async function readPage(
  run: Statements['run'],
  owner: RowOwner,
  { after, pageSize }: { readonly after: PossibleOptOutRow | undefined; readonly pageSize: number },
): Promise<readonly PossibleOptOutRow[]> {
  const parameters = createParameters();
  const conditions = [
    "i.kind = 'possible-opt-out' AND i.decision IS NULL",
    ...conditionsOf('i', owner, parameters),
    ...(after === undefined
      ? []
      : [
          `(i.received_at, i.account_id, i.provider_id) >
            (${parameters.add(after.receivedAt.toISOString(), 'timestamptz')},
            ${parameters.add(after.accountId, 'uuid')}, ${parameters.add(after.id, 'text')})`,
        ]),
  ];
  const rows = await run<ReplyColumns>(
    `SELECT i.account_id, i.provider_id, i.phone, i.message, i.received_at
     FROM durable_sms.inbound_messages i WHERE ${conditions.join(' AND ')}
     ORDER BY i.received_at, i.account_id, i.provider_id LIMIT ${parameters.add(pageSize, 'integer')}`,
    parameters.values,
  );
  return rows.map((row) => ({
    accountId: row.account_id,
    id: row.provider_id,
    phone: row.phone,
    message: row.message ?? undefined,
    receivedAt: row.received_at,
  }));
}
