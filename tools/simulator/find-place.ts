import type { InjectionPlace } from './inbound-message.js';
import type { SimulatorAccount, SimulatorPhone } from './simulator-options.js';

/** No account, or no phone of the account, is called so. */
export class UnknownPlaceError extends Error {
  override readonly name = 'UnknownPlaceError';
}

/** The account and phone of an injected message; throws UnknownPlaceError. */
export function findPlace(
  accounts: readonly SimulatorAccount[],
  { accountLabel, phoneId }: InjectionPlace,
): { account: SimulatorAccount; phone: SimulatorPhone } {
  const account = accounts.find(
    ({ label, phones }) =>
      (accountLabel === undefined || label === accountLabel) &&
      (phoneId === undefined || phones.some(({ id }) => id === phoneId)),
  );
  const phone = account?.phones.find(({ id }) => phoneId === undefined || id === phoneId);
  if (account === undefined || phone === undefined) {
    throw new UnknownPlaceError('No account has this accountLabel and phoneId: see /_control/state.');
  }
  return { account, phone };
}
