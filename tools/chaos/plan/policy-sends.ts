import type { Contact } from './contact.js';
import type { Dice } from './dice.js';
import type { PlannedMarketing, PlannedSend } from './planned-send.js';
import { plainNumber } from './plain-numbers.js';
import { CAMPAIGNS_AT, POLICY_ACCOUNTS, ZONES } from './policy-plan.js';
import { planRequestFault, type RequestFault } from './request-fault.js';

const SHARE = {
  marketing: 0.65,
  faulty: { marketing: 0.15, transactional: 0.4 },
  faultyAgain: 0.2,
  startedTwice: 0.05,
  cancelled: 0.04,
  /** Numbers that two accounts write to. */
  shared: 0.1,
  long: 0.25,
} as const;

/** All messages of a campaign are started within this time, in milliseconds. */
const CAMPAIGN_MS = 3_000;

/** More than fits into one segment of GSM 03.38. */
const LONG_TEXT = 'Nous cherchons un logement calme et clair pour une famille de quatre personnes. '.repeat(
  2,
);

/** Throws the jobs of a run with marketing messages, in the order of their start. */
export function planPolicySends(
  dice: Dice,
  run: { count: number; durationMs: number },
): { readonly sends: PlannedSend[]; readonly contacts: Contact[] } {
  const sends: PlannedSend[] = [];
  const contacts: Contact[] = [];
  for (let numbers = 0; sends.length < run.count; numbers++) {
    const recipient = plainNumber(numbers);
    const first = dice.between(0, POLICY_ACCOUNTS - 1);
    const accounts = dice.chance(SHARE.shared) ? [first, (first + 1) % POLICY_ACCOUNTS] : [first];
    for (const account of accounts) {
      const contact: Contact = { account, recipient, end: planEnd(dice), isShared: accounts.length > 1 };
      const place = planPlace(dice, account);
      contacts.push(contact);
      const wanted = contact.end === 'none' ? dice.between(1, 3) : dice.between(2, 5);
      for (let member = 0; member < Math.min(wanted, run.count - sends.length); member++) {
        sends.push(planSend(dice, { contact, place, member, number: sends.length + 1, ...run }));
      }
    }
  }
  sends.splice(run.count);
  return { sends: sends.sort((one, other) => one.atMs - other.atMs), contacts };
}

function planEnd(dice: Dice): Contact['end'] {
  return dice.pickWeighted([
    ['keyword', 0.2],
    ['web-app', 0.15],
    ['answer', 0.1],
    ['none', 0.55],
  ] as const);
}

/** Where a recipient is: everybody is in one zone. */
function planPlace(dice: Dice, account: number): Pick<PlannedMarketing, 'timeZone' | 'mayExpire'> {
  if (account < POLICY_ACCOUNTS - 1) return { timeZone: undefined, mayExpire: false };
  const zone = dice.pickWeighted([
    ['open', 4],
    ['opening', 3],
    ['closing', 2],
    ['closed', 1],
  ] as const);
  return { timeZone: ZONES[zone], mayExpire: zone === 'closing' || zone === 'closed' };
}

function planSend(
  dice: Dice,
  send: {
    contact: Contact;
    place: Pick<PlannedMarketing, 'timeZone' | 'mayExpire'>;
    /** From 0. */
    member: number;
    number: number;
    durationMs: number;
  },
): PlannedSend {
  const { contact, place, member, durationMs } = send;
  const { account, recipient } = contact;
  // Who is to answer gets a marketing message first: only its answers are looked at.
  const isMarketing = member === 0 || dice.chance(SHARE.marketing);
  const isLong = isMarketing && dice.chance(SHARE.long);
  const campaign = member === 0 ? CAMPAIGNS_AT[0] : dice.pick(CAMPAIGNS_AT);
  const marketing: PlannedMarketing = Object.assign({ segments: isLong ? 2 : 1 }, place);
  const greeting = `Bonjour, votre annonce est-elle disponible ? (${recipient.slice(-4)} ${account} ${member})`;
  return {
    key: `send-${String(send.number).padStart(4, '0')}`,
    account,
    recipient,
    message: isLong ? `${greeting} ${LONG_TEXT}` : greeting,
    atMs: isMarketing
      ? Math.round(campaign * durationMs) + dice.between(0, CAMPAIGN_MS)
      : dice.between(0, durationMs),
    startedTwice: dice.chance(SHARE.startedTwice),
    cancelAfterMs: dice.chance(SHARE.cancelled) ? dice.between(0, 5_000) : undefined,
    maxResends: dice.between(1, 2),
    faults: planFaults(dice, contact, { isMarketing, isFirst: member === 0 }),
    ...(isMarketing ? { marketing } : {}),
  };
}

/**
 * A request that is reset before it is read does not say whose it was. A phone that is reported to
 * be offline, and a provider that limits requests, keep an account from marketing for a minute: the
 * plan takes phones offline itself.
 */
const LEFT_OUT: ReadonlySet<RequestFault['kind']> = new Set([
  'reset-before-read',
  'stall',
  'error-2',
  'http-429',
]);

/**
 * Faults strike the requests to a number in order: one that is left over would strike the
 * confirmation of an opt-out.
 */
function planFaults(
  dice: Dice,
  { end, isShared }: Contact,
  { isMarketing, isFirst }: { isMarketing: boolean; isFirst: boolean },
): RequestFault[] {
  const faults: RequestFault[] = [];
  const first = isMarketing ? SHARE.faulty.marketing : SHARE.faulty.transactional;
  for (let share: number = first; dice.chance(share); share = SHARE.faultyAgain) {
    faults.push(planRequestFault(dice, false));
  }
  if (isShared) return [];
  const left = faults.filter(({ kind }) => !LEFT_OUT.has(kind));
  if (end !== 'keyword') return left;
  return isFirst ? left.slice(0, 1) : [];
}
