import type { DatabaseAddress } from './read-address.js';

/**
 * The same address for what has to be done at the primary server: of several hosts, a standby is
 * skipped, unless the address asks for one. What it says of a single host is left alone: there is
 * nothing to choose.
 */
export function onPrimary(address: DatabaseAddress): DatabaseAddress {
  const { hosts, sessionAttributes } = address;
  const isChosen = sessionAttributes !== 'any' && sessionAttributes !== 'prefer-standby';
  return hosts.length < 2 || isChosen ? address : { ...address, sessionAttributes: 'primary' };
}
