import { HOME_ZONE, isWithin } from '../../policies/sending-window.js';
import { groupBy } from '../group-by.js';
import { accountLabel } from '../account-label.js';
import type { KnownOptOut } from './policy-evidence.js';
import { aboutPerson, finding, personKey, sendsByText, type Rule } from './rule.js';

/** How long after an opt-out a request may still be written, in milliseconds. */
const OPT_OUT_HOLDS_AFTER_MS = { marketing: 10_000, transactional: 40_000 };

/** A grant is good for this long after its moment, in milliseconds. */
const GRANT_VALID_MS = 5_000;

/** A request is written at most this long after PostgreSQL was asked, in milliseconds. */
const CONNECT_MS = 10_000;

/** No request after an opt-out, except for the confirmation. */
export const afterOptOuts: Rule = ({ sends, requests, optOuts, confirmation }) => {
  const sendOf = sendsByText(sends);
  const optOutOf = new Map(optOuts.map((optOut) => [personKey(optOut), optOut]));
  return requests.flatMap((request) => {
    const optOut = optOutOf.get(personKey(request));
    if (optOut === undefined) return [];
    if (request.text === confirmation && optOut.confirmationKey !== undefined) return [];
    const send = sendOf(request);
    const purpose = send?.marketing === undefined ? 'transactional' : 'marketing';
    const afterMs = request.atMs - optOut.atMs;
    if (afterMs <= OPT_OUT_HOLDS_AFTER_MS[purpose]) return [];
    return [finding('after-opt-out', send, `a ${purpose} request ${afterMs} ms after the opt-out`)];
  });
};

/**
 * No marketing request outside of the hours. A change of the window holds from its commit on, with
 * the validity of a grant and the time-out of the connection.
 */
export const outsideHours: Rule = ({ sends, requests, windows }) => {
  const sendOf = sendsByText(sends);
  return requests.flatMap((request) => {
    const send = sendOf(request);
    const { account, atMs } = request;
    if (send?.marketing === undefined) return [];
    const timeZone = send.marketing.timeZone ?? HOME_ZONE;
    const isAllowed = windows.some(
      ({ account: of, fromMs, untilMs, window }) =>
        of === account &&
        fromMs <= atMs &&
        untilMs >= atMs - GRANT_VALID_MS - CONNECT_MS &&
        (isWithin(window, timeZone, atMs) || isWithin(window, timeZone, atMs - GRANT_VALID_MS)),
    );
    const at = new Date(atMs).toISOString();
    return isAllowed ? [] : [finding('outside-hours', send, `a request at ${at}`)];
  });
};

/** Each opt-out is stored. */
export const optOutsMissed: Rule = ({ sends, wanted, optOuts }) => {
  const known = new Set(optOuts.map(personKey));
  const missed = [...new Set(wanted.map(personKey))].filter((person) => !known.has(person));
  return missed.map((person) => aboutPerson('opt-out-missed', sends, person, 'an opt-out is not stored'));
};

/** No other opt-out is stored, and no send ends for an opt-out of nobody. */
export const optOutsInvented: Rule = ({ sends, reports, wanted, optOuts }) => {
  const asked = new Set(wanted.map(personKey));
  const invented = optOuts.map(personKey).filter((person) => !asked.has(person));
  const ended = new Map(reports.map(({ key, end }) => [key, end]));
  const refused = sends.filter((send) => {
    const end = ended.get(send.key);
    return end?.kind === 'failed' && end.code === 'RECIPIENT_OPTED_OUT' && !asked.has(personKey(send));
  });
  return [
    ...invented.map((person) => aboutPerson('opt-out-invented', sends, person, 'nobody has opted out')),
    ...refused.map((send) => finding('opt-out-invented', send, 'it ended for an opt-out of nobody')),
  ];
};

/** An opt-out by a reply is confirmed by one message, and nobody else gets such a message. */
export const confirmations: Rule = ({ optOuts, messages, confirmation }) => {
  const confirmed = groupBy(
    messages.filter(({ text }) => text === confirmation),
    ({ accountLabel: label, recipient }) => `${label} ${recipient}`,
  );
  const labelled = ({ account, recipient }: KnownOptOut) => `${accountLabel(account)} ${recipient}`;
  const keyOf = new Map(optOuts.map((optOut) => [labelled(optOut), optOut.confirmationKey]));
  return [...new Set([...confirmed.keys(), ...keyOf.keys()])].flatMap((person) => {
    const key = keyOf.get(person);
    const count = confirmed.get(person)?.length ?? 0;
    if (count === (key === undefined ? 0 : 1)) return [];
    const why = `${count} messages ${key === undefined ? 'without a reason' : 'instead of one'}`;
    return [{ kind: 'confirmation', keys: key === undefined ? [] : [key], why } as const];
  });
};

/** A send that had time, and hours within it, does not expire. */
export const starved: Rule = ({ sends, reports }) => {
  const ended = new Map(reports.map(({ key, end }) => [key, end]));
  return sends.flatMap((send) => {
    const end = ended.get(send.key);
    const isExpired = end?.kind === 'failed' && end.code === 'MESSAGE_EXPIRED';
    if (!isExpired || send.marketing?.mayExpire === true) return [];
    return [finding('starved', send, 'expired, although it had time and hours')];
  });
};
