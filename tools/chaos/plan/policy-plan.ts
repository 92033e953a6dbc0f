import type { Contact } from './contact.js';
import type { Dice } from './dice.js';
import type { PlannedOffline } from './planned-offline.js';

/** What happens around the policies of a run; times are in milliseconds from its start. */
export interface PolicyPlan {
  /** By the number of the account. */
  readonly accounts: readonly PlannedAccount[];
  /** What recipients answer. */
  readonly replies: readonly PlannedReply[];
  /** Opt-outs that the web app adds, as an operator or its own page asks for. */
  readonly optOuts: readonly PlannedOptOut[];
  /** Sending phones that are offline for a while. */
  readonly offline: readonly PlannedOffline[];
}

/** The rules of an account. */
export interface PlannedAccount {
  readonly hours: PlannedHours;
  readonly perMinute: number;
  readonly segmentsPerMinute: number;
  readonly perHour: number;
  /** Requests of the hour before the run, at these times: they leave the hour while it lasts. */
  readonly earlierAtMs: readonly number[];
}

/** When an account may write. */
export type PlannedHours =
  | { readonly kind: 'always' }
  /**
   * In the middle of a campaign, the owner moves the opening to the first whole minute after
   * `opensAfterMs`: the account closes at `changeAtMs`, and opens again then.
   */
  | { readonly kind: 'moved'; readonly changeAtMs: number; readonly opensAfterMs: number }
  /**
   * The window opens for recipients in one zone, and closes for those in another, each at the first
   * whole minute after.
   */
  | { readonly kind: 'zones'; readonly opensAfterMs: number; readonly closesAfterMs: number };

/** The zones of the recipients of an account whose window opens and closes during the run. */
export const ZONES = {
  /** Closed for hours to come. */
  closed: 'Etc/GMT+8',
  opening: 'Etc/GMT',
  open: 'Etc/GMT-2',
  closing: 'Etc/GMT-4',
} as const;

/** A recipient writes back, this long after the first marketing message has reached the phone. */
export interface PlannedReply {
  readonly account: number;
  readonly recipient: string;
  readonly text: string;
  readonly isOptOut: boolean;
  readonly afterMs: number;
}

/** An opt-out that the web app adds. */
export interface PlannedOptOut {
  readonly account: number;
  readonly recipient: string;
  readonly source: 'operator' | 'api';
  readonly atMs: number;
}

/** The text that confirms an opt-out: no job has it. */
export const OPT_OUT_REPLY = 'Bien note : vous ne recevrez plus de SMS de notre part.';

const STOPS: readonly [string, ...string[]] = ['STOP', 'stop merci', 'Arrêt', 'Désabonner', 'UNSUBSCRIBE'];
const ANSWERS: readonly [string, ...string[]] = ['Oui, toujours disponible', 'Non, vendue', 'Qui est-ce ?'];

/** The pace is set fast, and still holds back the sends of a campaign, which start at once. */
const PACE = { perMinute: 30, segmentsPerMinute: 34, unlimited: 100_000 } as const;

const HOUR_MS = 60 * 60_000;

/** A campaign of marketing messages starts at each of these shares of the run. */
export const CAMPAIGNS_AT = [0.02, 0.35, 0.65] as const;

/** The accounts of a run with policies: each has hours of another kind. */
export const POLICY_ACCOUNTS = 3;

/** Throws what happens around the policies of a run in which these people are written to. */
export function planPolicies(
  dice: Dice,
  run: { durationMs: number; contacts: readonly Contact[]; marketingCounts: readonly number[] },
): PolicyPlan {
  const { durationMs, contacts } = run;
  const part = (share: number) => Math.round(share * durationMs);
  const pace = { perMinute: PACE.perMinute, segmentsPerMinute: PACE.segmentsPerMinute };
  const free = { perHour: PACE.unlimited, earlierAtMs: [] };
  const replies: PlannedReply[] = [];
  const optOuts: PlannedOptOut[] = [];
  for (const { account, recipient, end } of contacts) {
    if (end === 'keyword' || end === 'answer') {
      const isOptOut = end === 'keyword';
      const text = dice.pick(isOptOut ? STOPS : ANSWERS);
      replies.push({ account, recipient, text, isOptOut, afterMs: dice.between(500, part(0.2)) });
    }
    if (end === 'web-app') {
      const source = dice.pick(['operator', 'api'] as const);
      optOuts.push({ account, recipient, source, atMs: dice.between(part(0.1), part(0.9)) });
    }
  }
  const changeAtMs = part(CAMPAIGNS_AT[1]) + dice.between(6_000, 10_000);
  return {
    accounts: [
      Object.assign({}, pace, planHourLimit(run.marketingCounts[0] ?? 0, part), {
        hours: { kind: 'always' } as const,
      }),
      Object.assign({}, pace, free, {
        hours: {
          kind: 'moved',
          changeAtMs,
          opensAfterMs: changeAtMs + 15_000,
        } as const,
      }),
      Object.assign({}, pace, free, {
        hours: { kind: 'zones', opensAfterMs: part(0.2), closesAfterMs: part(0.4) } as const,
      }),
    ],
    replies,
    optOuts,
    offline: Array.from({ length: POLICY_ACCOUNTS }, (_, account) => ({
      account,
      atMs: part(0.1) + dice.between(0, part(0.4)),
      forMs: dice.between(4_000, 12_000),
    })),
  };
}

/**
 * An hour that is full of earlier requests at the start, but for a third of the sends, and gets
 * room as they leave it.
 */
function planHourLimit(
  count: number,
  part: (share: number) => number,
): Pick<PlannedAccount, 'perHour' | 'earlierAtMs'> {
  // Some are requested more than once.
  const earlier = Math.ceil(count * 1.1);
  return {
    perHour: earlier + Math.max(1, Math.floor(count / 3)),
    earlierAtMs: Array.from(
      { length: earlier },
      (_, index) => part(0.4 + (0.5 * (index + 1)) / earlier) - HOUR_MS,
    ),
  };
}
