import { isSendFault, type SendFaultKind } from './fault-catalog.js';
import { parseFaultRules, type FaultRule } from './fault-rule.js';
import { splitListFault, type ListFaultKind, type ListName } from './list-fault-catalog.js';
import { readMagicNumber } from './magic-number.js';
import { seededRandom } from './seeded-random.js';

/**
 * A rule in force: what was asked, how often it struck, and how many strikes are left (null = no
 * limit).
 */
export interface ActiveFault {
  readonly id: number;
  readonly rule: FaultRule;
  readonly hits: number;
  readonly remaining: number | null;
}

/** A fault chosen for one send. */
export type SendFault = Omit<FaultRule, 'kind'> & { readonly kind: SendFaultKind };
/** A fault chosen for one read of a list. */
export type ListFault = Omit<FaultRule, 'kind'> & { readonly kind: ListFaultKind };

interface LiveRule {
  readonly id: number;
  readonly rule: FaultRule;
  readonly until: number;
  readonly random: () => number;
  hits: number;
}

/** How long `phone-offline` lasts when nothing else is said, in milliseconds. */
export const PHONE_OFFLINE_MS = 2_000;

/**
 * The rules in force and the choice of a fault: rules in the order they came, then the magic
 * numbers.
 */
export function createFaultRules({ now, changed }: { now: () => number; changed: () => void }) {
  let rules: LiveRule[] = [];
  let nextId = 1;
  const magicSends = new Map<string, { count: number; firstAt: number }>();

  const left = (live: LiveRule) => (live.rule.times === undefined ? null : live.rule.times - live.hits);
  const live = () => (rules = rules.filter((rule) => left(rule) !== 0 && now() < rule.until));

  function strikes(candidate: LiveRule): boolean {
    const { probability } = candidate.rule;
    if (probability !== undefined && candidate.random() >= probability) return false;
    candidate.hits += 1;
    changed();
    return true;
  }

  function find(matches: (rule: FaultRule, id: number) => boolean): FaultRule | undefined {
    return live().find((candidate) => matches(candidate.rule, candidate.id) && strikes(candidate))?.rule;
  }

  function add(input: unknown): ActiveFault[] {
    const added = parseFaultRules(input).map((rule): LiveRule => {
      const forMs = rule.forMs ?? (rule.kind === 'phone-offline' ? PHONE_OFFLINE_MS : undefined);
      const until = forMs === undefined ? Infinity : now() + forMs;
      return { id: nextId++, rule, until, random: seededRandom(rule.seed ?? 1), hits: 0 };
    });
    rules.push(...added);
    changed();
    return added.map(show);
  }

  const show = (rule: LiveRule): ActiveFault => ({
    id: rule.id,
    rule: rule.rule,
    hits: rule.hits,
    remaining: left(rule),
  });

  function pickMagic(recipient: string): SendFault | undefined {
    const magic = readMagicNumber(recipient);
    if (magic === undefined) return undefined;
    const seen = magicSends.get(recipient) ?? { count: 0, firstAt: now() };
    magicSends.set(recipient, { ...seen, count: seen.count + 1 });
    if (magic.firstSends !== undefined) {
      if (seen.count >= magic.firstSends) return undefined;
    } else if (magic.kind === 'phone-offline' && now() - seen.firstAt >= PHONE_OFFLINE_MS) {
      return undefined;
    }
    return { kind: magic.kind, recorded: magic.recorded };
  }

  return {
    add,
    /** Puts these rules in the place of all others. */
    replace(input: unknown): ActiveFault[] {
      parseFaultRules(input);
      rules = [];
      return add(input);
    },
    /** Ends one rule; false when there is none of that id. */
    remove(id: number): boolean {
      const kept = live().filter((rule) => rule.id !== id);
      const removed = kept.length < rules.length;
      rules = kept;
      if (removed) changed();
      return removed;
    },
    /** Ends every rule, and forgets how often magic numbers were sent to. */
    clear(): void {
      rules = [];
      magicSends.clear();
      changed();
    },
    list: (): ActiveFault[] => live().map(show),
    /**
     * Whether to reset before reading: only the first rule can say so, and only if it names no
     * number.
     */
    pickBeforeReading(): { reset: boolean; consulted: number | undefined } {
      const first = live().find((candidate) => isSendFault(candidate.rule.kind));
      if (first?.rule.kind !== 'reset-before-read' || first.rule.number !== undefined)
        return { reset: false, consulted: undefined };
      return { reset: strikes(first), consulted: first.id };
    },
    /** The fault for a send to this number, if any; `consulted` is a rule already asked. */
    pickForSend(recipient: string, consulted?: number): SendFault | undefined {
      const rule = find(
        (candidate, id) =>
          id !== consulted && isSendFault(candidate.kind) && numberMatches(candidate.number, recipient),
      );
      return rule === undefined ? pickMagic(recipient) : (rule as SendFault);
    },
    /** The fault for a read of this list, if any. */
    pickForList: (list: ListName) =>
      find(({ kind }) => !isSendFault(kind) && splitListFault(kind).list === list) as ListFault | undefined,
  };
}

/** The rules in force. */
export type FaultRules = ReturnType<typeof createFaultRules>;

function numberMatches(wanted: string | undefined, recipient: string): boolean {
  if (wanted === undefined) return true;
  return wanted.startsWith('+') ? wanted === recipient : recipient.endsWith(wanted);
}
