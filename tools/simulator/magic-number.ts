import { describeFault, SEND_FAULT_KINDS, type SendFaultKind } from './fault-catalog.js';

/**
 * What precedes code and form in a magic number: the range 06 39 98 that ARCEP keeps for fiction.
 */
export const MAGIC_PREFIX = '+3363998';

/** What a magic number asks for. */
export interface MagicNumber {
  readonly kind: SendFaultKind;
  readonly recorded: boolean;
  /** How many sends meet the fault before the number works; absent = every send. */
  readonly firstSends?: number;
}

const kindByCode = new Map(SEND_FAULT_KINDS.map((kind) => [describeFault(kind).code, kind]));
const firstSendsByForm = new Map([
  ['0', undefined],
  ['1', undefined],
  ['2', 1],
  ['3', 1],
  ['4', 3],
  ['5', 3],
]);

/** Reads a number as `+3363998<code><form>`; undefined when it asks for nothing. */
export function readMagicNumber(recipient: string): MagicNumber | undefined {
  if (!recipient.startsWith(MAGIC_PREFIX) || recipient.length !== MAGIC_PREFIX.length + 4) return undefined;
  const kind = kindByCode.get(recipient.slice(-4, -1));
  const form = recipient.slice(-1);
  if (kind === undefined || !firstSendsByForm.has(form)) return undefined;
  const recorded = Number(form) % 2 === 1;
  if (recorded && !describeFault(kind).isOutcomeUnknown) return undefined;
  const firstSends = firstSendsByForm.get(form);
  return { kind, recorded, ...(firstSends !== undefined && { firstSends }) };
}

/** The number that asks for a fault: on every send, or only on the first 1 or 3 sends. */
export function magicNumberFor(
  kind: SendFaultKind,
  form: { recorded?: boolean; firstSends?: 1 | 3 } = {},
): string {
  const base = form.firstSends === undefined ? 0 : form.firstSends === 1 ? 2 : 4;
  return `${MAGIC_PREFIX}${describeFault(kind).code}${base + (form.recorded === true ? 1 : 0)}`;
}
