import type { PlannedSend } from '../../plan/planned-send.js';
import type { Finding } from '../finding.js';
import { groupKey } from '../group-key.js';
import type { PolicyEvidence, PolicyRequest } from './policy-evidence.js';

/** Looks for what must not happen. */
export type Rule = (evidence: PolicyEvidence) => Finding[];

/** A finding about one job, if it is known which. */
export function finding(kind: Finding['kind'], send: PlannedSend | undefined, why: string): Finding {
  return { kind, keys: send === undefined ? [] : [send.key], why };
}

/** A finding about a recipient of an account. */
export function aboutPerson(
  kind: Finding['kind'],
  sends: readonly PlannedSend[],
  person: string,
  why: string,
): Finding {
  return { kind, keys: sends.flatMap((send) => (personKey(send) === person ? [send.key] : [])), why };
}

/** A recipient of an account. */
export function personKey({ account, recipient }: { account: number; recipient: string }): string {
  return `${account} ${recipient}`;
}

/** The job that a request is made for, by number and text. */
export function sendsByText(
  sends: readonly PlannedSend[],
): (request: PolicyRequest) => PlannedSend | undefined {
  const byText = new Map(sends.map((send) => [groupKey(send.recipient, send.message), send]));
  return ({ recipient, text }) => byText.get(groupKey(recipient, text));
}
