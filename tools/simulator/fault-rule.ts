import { z } from 'zod';
import { describeFault, isSendFault, SEND_FAULT_KINDS } from './fault-catalog.js';
import { LIST_FAULT_KINDS } from './list-fault-catalog.js';

const fields = z.strictObject({
  kind: z.enum([...SEND_FAULT_KINDS, ...LIST_FAULT_KINDS]),
  recorded: z.boolean().optional(),
  number: z
    .string()
    .regex(/^(\+[1-9]\d{6,14}|\d{1,14})$/, 'Use a complete number such as +33639980001, or its last digits.')
    .optional(),
  times: z.int().min(1).max(1_000_000).optional(),
  forMs: z.int().min(1).max(86_400_000).optional(),
  probability: z.number().min(0).max(1).optional(),
  seed: z.int().min(0).max(0xffff_ffff).optional(),
  delayMs: z.int().min(0).max(600_000).optional(),
  retryAfterSeconds: z.int().min(0).max(86_400).optional(),
  location: z
    .string()
    .min(1)
    .max(2_000)
    .regex(/^[\x21-\x7e]+$/, 'Use an address in plain ASCII.')
    .optional(),
  bytes: z.int().min(1).max(1_073_741_824).optional(),
  phoneDelayMs: z.int().min(0).max(86_400_000).optional(),
  phoneRetryMs: z.int().min(0).max(86_400_000).optional(),
  rowDelayMs: z.int().min(0).max(86_400_000).optional(),
  rowMissing: z.boolean().optional(),
});

const sendOnly = [
  'recorded',
  'location',
  'bytes',
  'phoneDelayMs',
  'phoneRetryMs',
  'rowDelayMs',
  'rowMissing',
] as const;

/** The faults of lists that a number narrows. */
const takesNumber: readonly string[] = ['log-missing-rows', 'inbox-missing-rows', 'typed-missing-rows'];

/** The form of a fault rule, as the control endpoint and `setFaults` take it. */
const faultRuleSchema = fields.superRefine((rule, context) => {
  const refuse = (field: keyof FaultRule, message: string) => {
    context.addIssue({ code: 'custom', path: [field], message });
  };
  if (isSendFault(rule.kind)) {
    if (rule.recorded === true && !takesRecorded(rule.kind)) {
      refuse('recorded', `${rule.kind} has a known outcome and therefore no recorded form.`);
    }
    return;
  }
  for (const field of sendOnly) {
    if (rule[field] !== undefined)
      refuse(field, `${rule.kind} is a fault of a list and does not accept ${field}.`);
  }
  if (rule.number !== undefined && !takesNumber.includes(rule.kind)) {
    refuse('number', `Of the faults of lists, only ${takesNumber.join(', ')} accept a number.`);
  }
});

/**
 * When a fault happens, and how: which number, how many times, how long, how likely; delays are in
 * milliseconds.
 */
export type FaultRule = z.input<typeof fields>;

/** A rule that cannot be used; the message names each field. */
export class InvalidFaultRuleError extends Error {
  override readonly name = 'InvalidFaultRuleError';
}

/** Reads rules that came from outside; throws InvalidFaultRuleError. */
export function parseFaultRules(input: unknown): FaultRule[] {
  const parsed = z
    .array(faultRuleSchema)
    .max(1_000)
    .safeParse(Array.isArray(input) ? input : [input]);
  if (parsed.success) return parsed.data;
  throw new InvalidFaultRuleError(listIssues(parsed.error), { cause: parsed.error });
}

/** Says in one line what is wrong with each field. */
export function listIssues(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; ');
}

function takesRecorded(kind: Parameters<typeof describeFault>[0]): boolean {
  const fault = describeFault(kind);
  return fault.isOutcomeUnknown || fault.alwaysRecorded === true;
}
