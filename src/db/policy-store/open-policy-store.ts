import { onPrimary } from '../address/on-primary.js';
import { readAddress } from '../address/read-address.js';
import { countOrErase, type RowCounts } from './forget.js';
import { createOptOutStore, type OptOutStore } from './opt-outs.js';
import { listOutreach, type OutreachRow, type OutreachRowFilter } from './outreach.js';
import { listFailingPhones, type FailingPhoneRow } from './phones.js';
import { createPossibleOptOutStore, type PossibleOptOutStore } from './possible-opt-outs.js';
import { createSendingPolicyStore, type SendingPolicyStore } from './sending-policies.js';
import { openStatements, type Statements } from './statements.js';

/**
 * The schema `durable_sms` for those who set the rules: web apps and operators. It loads no ORM, as
 * a web app has this without one.
 */
export interface PolicyStore extends Pick<Statements, 'findMissingAccounts' | 'close'> {
  readonly optOuts: OptOutStore;
  readonly possibleOptOuts: PossibleOptOutStore;
  readonly sendingPolicies: SendingPolicyStore;
  /** See `listOutreach`. */
  listOutreach(filter: OutreachRowFilter, pageSize: number): AsyncGenerator<OutreachRow>;
  /** See `listFailingPhones`. */
  listFailingPhones(accountId: string | undefined): Promise<readonly FailingPhoneRow[]>;
  /** See `countOrErase`. */
  countOrErase(
    owner: { readonly phone: string; readonly accountId?: string | undefined },
    options: { readonly erase: boolean },
  ): Promise<RowCounts>;
}

/**
 * Opens it lazily: nothing is connected before the first statement.
 *
 * @param options.queryMs milliseconds for a statement in all
 * @throws AddressError
 */
export function openPolicyStore(options: {
  readonly databaseUrl: string;
  readonly maxConnections: number;
  readonly queryMs: number;
  readonly applicationName: string;
}): PolicyStore {
  const { databaseUrl, maxConnections, queryMs, applicationName } = options;
  const address = onPrimary(readAddress(databaseUrl));
  const statements = openStatements({ address, maxConnections, queryMs, applicationName });
  return {
    findMissingAccounts: (accountIds) => statements.findMissingAccounts(accountIds),
    optOuts: createOptOutStore(statements),
    possibleOptOuts: createPossibleOptOutStore(statements),
    sendingPolicies: createSendingPolicyStore(statements),
    listOutreach: (filter, pageSize) => listOutreach(statements, filter, pageSize),
    listFailingPhones: (accountId) => listFailingPhones(statements, accountId),
    countOrErase: (owner, how) => countOrErase(statements, owner, how),
    close: statements.close,
  };
}
