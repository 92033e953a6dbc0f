import type { SendingPolicy } from '../../policies/sending-policy.js';
import type { Parameter } from '../pool.js';
import { toPolicy, type PolicyJson } from '../policies/policy-json.js';
import type { Statements } from './statements.js';

/** The sending policies. Every method throws SmsError DATABASE_UNAVAILABLE. */
export interface SendingPolicyStore {
  /** Undefined: the account has set none. */
  find(accountId: string): Promise<SendingPolicy | undefined>;
  /** Changes these columns, and leaves the others, or their defaults; answers what holds now. */
  set(accountId: string, changes: Partial<SendingPolicy>): Promise<SendingPolicy>;
  /** Whether there was one. */
  reset(accountId: string): Promise<boolean>;
}

interface Column {
  readonly name: string;
  /** What a value is cast from and to. */
  readonly cast: string;
}

const INTEGER = '::integer';

const COLUMNS: Readonly<Record<keyof SendingPolicy, Column>> = {
  region: { name: 'region', cast: '::text' },
  timeZone: { name: 'time_zone', cast: '::text' },
  days: { name: 'days', cast: '::text::smallint[]' },
  opensAt: { name: 'opens_at', cast: '::text::time' },
  closesAt: { name: 'closes_at', cast: '::text::time' },
  holidays: { name: 'holidays', cast: '::text' },
  perMinute: { name: 'per_minute', cast: INTEGER },
  segmentsPerMinute: { name: 'segments_per_minute', cast: INTEGER },
  perHour: { name: 'per_hour', cast: INTEGER },
  perDay: { name: 'per_day', cast: INTEGER },
  newRecipientsPer30Days: { name: 'new_recipients_per_30_days', cast: INTEGER },
};

/** Every setting of a sending policy. */
export const POLICY_FIELDS = Object.keys(COLUMNS) as readonly (keyof SendingPolicy)[];

interface PolicyRow {
  readonly policy: PolicyJson;
}

/** Makes the sending policies behind a pool. */
export function createSendingPolicyStore({ run }: Pick<Statements, 'run'>): SendingPolicyStore {
  return {
    async find(accountId) {
      const [row] = await run<PolicyRow>(
        `SELECT pg_catalog.to_json(p) AS policy FROM durable_sms.sending_policies p WHERE p.account_id = $1::uuid`,
        [accountId],
      );
      return row === undefined ? undefined : toPolicy(row.policy);
    },
    async set(accountId, changes) {
      const fields = POLICY_FIELDS.filter((field) => changes[field] !== undefined);
      const names = fields.map((field) => COLUMNS[field].name);
      const values = fields.map((field, index) => `$${index + 2}${COLUMNS[field].cast}`);
      const updates = names.map((name) => `${name} = excluded.${name}`);
      const [row] = await run<PolicyRow>(
        `INSERT INTO durable_sms.sending_policies AS p (${['account_id', ...names].join(', ')})
         VALUES (${['$1::uuid', ...values].join(', ')})
         ON CONFLICT (account_id) DO UPDATE SET ${['account_id = excluded.account_id', ...updates].join(', ')}
         RETURNING pg_catalog.to_json(p) AS policy`,
        [accountId, ...fields.map((field) => toParameter(changes[field]))],
      );
      if (row === undefined) throw new TypeError('A statement that answers a row has none.');
      return toPolicy(row.policy);
    },
    async reset(accountId) {
      const rows = await run(
        'DELETE FROM durable_sms.sending_policies WHERE account_id = $1::uuid RETURNING 1',
        [accountId],
      );
      return rows.length > 0;
    },
  };
}

function toParameter(value: SendingPolicy[keyof SendingPolicy] | undefined): Parameter {
  if (value === undefined) return null;
  return typeof value === 'string' || typeof value === 'number' ? value : `{${value.join()}}`;
}
