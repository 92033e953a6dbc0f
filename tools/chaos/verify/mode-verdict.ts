import type { Finding, FindingKind } from './finding.js';

/** What the judge of a mode adds to a verdict. */
export interface ModeVerdict {
  /** How often each thing happened that must not, by its name in the report. */
  readonly counters: Readonly<Record<string, number>>;
  /** What else is worth a line, by its name in the report. */
  readonly figures: Readonly<Record<string, string>>;
  readonly findings: readonly Finding[];
}

/** What a mode looks for: the name of each counter, and the rule behind it. */
export type Rules<Evidence> = Readonly<
  Partial<
    Record<FindingKind, { readonly name: string; readonly find: (evidence: Evidence) => readonly Finding[] }>
  >
>;

/** Applies the rules of a mode. */
export function applyRules<Evidence>(
  rules: Rules<Evidence>,
  evidence: Evidence,
): Pick<ModeVerdict, 'counters' | 'findings'> {
  const findings = Object.values(rules).flatMap(({ find }) => find(evidence));
  const counters = Object.entries(rules).map(([kind, { name }]): [string, number] => [
    name,
    findings.filter((finding) => finding.kind === kind).length,
  ]);
  return { findings, counters: Object.fromEntries(counters) };
}
