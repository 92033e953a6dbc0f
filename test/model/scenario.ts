import fc from 'fast-check';
import type { SmsOptions } from '../../src/domain/sms-job.js';

/**
 * What one request to the provider meets. Where `recorded`, its message is at the phone, whatever
 * the reply.
 */
export interface RequestFate {
  readonly reply: 'accepted' | 'lost' | 'crash' | 'offline' | 'limited' | 'key refused' | 'message refused';
  readonly recorded: boolean;
  /** The reply waits until somebody has read the log. */
  readonly slow: boolean;
  /** How long after its request the log shows the row, in milliseconds. */
  readonly shownAfterMs: number;
  /** The phone fails to send it, and the row says so. */
  readonly failed: boolean;
}

/** What one look at the list of sent messages meets. */
export type CheckFate =
  'truthful' | 'unreadable' | 'text altered' | 'dates gone' | 'key gone' | 'runs unlisted';

/** One send: its job, and what it meets, in order; once that is used up, everything works. */
export interface PlannedSend {
  readonly to: 'A' | 'B';
  readonly text: 'x' | 'y';
  readonly startsAfterMs: number;
  readonly options: Pick<SmsOptions, 'onUnknown' | 'maxResends' | 'unknownChecksMs'>;
  /** From its start to its `expiresAt`, in milliseconds. */
  readonly livesMs: number | undefined;
  readonly requests: readonly RequestFate[];
  readonly checks: readonly CheckFate[];
  /** What an operator decides in the end about a message that is not there. */
  readonly inTheEnd: 'abandon' | 'resend';
}

/** What somebody does from outside. */
export interface PlannedEvent {
  readonly afterMs: number;
  /** Which send; counted from 0, modulo their number. */
  readonly send: number;
  readonly what: 'cancel' | 'reset' | 'decide sent' | 'decide resend' | 'decide abandon' | 'decide nonsense';
}

/** One sequence. */
export interface Scenario {
  readonly sends: readonly PlannedSend[];
  readonly events: readonly PlannedEvent[];
}

/** What is never used up. */
export const ACCEPTED: RequestFate = {
  reply: 'accepted',
  recorded: true,
  slow: false,
  shownAfterMs: 0,
  failed: false,
};

const rowFate = fc.record({
  slow: often(false, fc.constant(true), 7),
  shownAfterMs: often(0, fc.constantFrom(20_000, 60_000, 200_000, 400_000)),
  failed: often(false, fc.constant(true), 7),
});

const requestFate: fc.Arbitrary<RequestFate> = fc
  .tuple(
    fc.oneof(
      { arbitrary: fc.constant(['accepted', true] as const), weight: 3 },
      { arbitrary: fc.constant(['lost', true] as const), weight: 5 },
      { arbitrary: fc.constant(['lost', false] as const), weight: 4 },
      { arbitrary: fc.constant(['crash', true] as const), weight: 2 },
      { arbitrary: fc.constant(['crash', false] as const), weight: 1 },
      { arbitrary: fc.constant(['offline', false] as const), weight: 2 },
      { arbitrary: fc.constant(['limited', false] as const), weight: 1 },
      { arbitrary: fc.constant(['key refused', false] as const), weight: 1 },
      { arbitrary: fc.constant(['message refused', false] as const), weight: 1 },
    ),
    rowFate,
  )
  .map(([[reply, recorded], row]) => ({ reply, recorded, ...row }));

const checkFate = often<CheckFate>(
  'truthful',
  fc.constantFrom('unreadable', 'text altered', 'dates gone', 'key gone', 'runs unlisted'),
);

const plannedSend: fc.Arbitrary<PlannedSend> = fc.record({
  to: often<'A' | 'B'>('A', fc.constant('B'), 5),
  text: often<'x' | 'y'>('x', fc.constant('y'), 4),
  startsAfterMs: often(0, fc.constantFrom(15_000, 130_000, 250_000), 3),
  options: fc.record(
    {
      onUnknown: fc.constantFrom('resend', 'resend', 'hold', 'fail'),
      maxResends: fc.nat(2),
      unknownChecksMs: fc.constantFrom([100, 400], [200], [10_000, 90_000], [30_000, 120_000, 300_000]),
    },
    { requiredKeys: ['unknownChecksMs'] },
  ),
  livesMs: often(undefined, fc.constantFrom(5_000, 60_000, 100_000, 350_000), 3),
  requests: fc.array(requestFate, { minLength: 1, maxLength: 4 }),
  checks: fc.array(checkFate, { maxLength: 4 }),
  inTheEnd: fc.constantFrom('abandon', 'resend'),
});

const plannedEvent: fc.Arbitrary<PlannedEvent> = fc.record({
  afterMs: fc.oneof(fc.nat(1_000), fc.nat(100_000), fc.nat(500_000)),
  send: fc.nat(2),
  what: fc.constantFrom(
    ...(['cancel', 'cancel', 'reset', 'decide sent', 'decide resend', 'decide abandon'] as const),
    'decide nonsense',
  ),
});

const anyScenario = fc.record({
  sends: fc.array(plannedSend, { minLength: 1, maxLength: 3 }),
  events: fc.array(plannedEvent, { maxLength: 4 }),
});

/**
 * Two indistinguishable messages, on their way at the same time, one of them often with a
 * slow reply: of these, chance alone makes too few.
 */
const siblings = fc
  .record({
    one: plannedSend,
    other: plannedSend,
    slow: fc.option(fc.constantFrom('accepted', 'lost'), { nil: undefined }),
    unknownChecksMs: fc.constantFrom<number[]>([100, 400], [100, 400], [10_000, 90_000]),
    events: fc.array(plannedEvent, { maxLength: 1 }),
  })
  .map(({ one, other, slow, unknownChecksMs, events }): Scenario => {
    const asSibling = (send: PlannedSend): PlannedSend => ({
      ...send,
      to: 'A',
      text: 'x',
      startsAfterMs: 0,
      options: { ...send.options, unknownChecksMs },
    });
    const sibling = asSibling(other);
    if (slow === undefined) return { events, sends: [asSibling(one), sibling] };
    const first: RequestFate = { ...ACCEPTED, reply: slow, slow: true };
    return {
      events,
      sends: [asSibling(one), { ...sibling, requests: [first, ...sibling.requests.slice(1)] }],
    };
  });

/** Sequences of one to three sends. */
export const scenarios: fc.Arbitrary<Scenario> = fc
  .oneof({ arbitrary: anyScenario, weight: 2 }, { arbitrary: siblings, weight: 1 })
  .map(keepTimersFromCancels)
  .map((scenario) => ({ ...scenario, [fc.toStringMethod]: () => describeScenario(scenario) }));

/**
 * The test server never ends a workflow task during which a timer fires that the task cancels. Time
 * jumps only between tasks, so that happens only where a window is shorter than the task: sends
 * that are cancelled get a longer one.
 */
function keepTimersFromCancels({ sends, events }: Scenario): Scenario {
  const isCancelled = (index: number) =>
    events.some(({ what, send }) => what === 'cancel' && send % sends.length === index);
  return {
    events,
    sends: sends.map((send, index) => {
      const isShort = (send.options.unknownChecksMs?.[0] ?? 0) < 10_000;
      if (!isShort || !isCancelled(index)) return send;
      return { ...send, options: { ...send.options, unknownChecksMs: [10_000, 90_000] } };
    }),
  };
}

function often<T>(usual: T, rare: fc.Arbitrary<T>, weight = 2): fc.Arbitrary<T> {
  return fc.oneof({ arbitrary: fc.constant(usual), weight }, { arbitrary: rare, weight: 1 });
}

/** A sequence as a person would tell it. */
function describeScenario({ sends, events }: Scenario): string {
  const lines = sends.map(
    ({ to, text, startsAfterMs, options, livesMs, requests, checks, inTheEnd }, index) =>
      `send ${index}: ${text} to ${to}, after ${seconds(startsAfterMs)}, ${JSON.stringify(options)}` +
      (livesMs === undefined ? '' : `, lives ${seconds(livesMs)}`) +
      `; requests: ${requests.map(describeRequest).join(', ')}; checks: ${checks.join(', ') || 'truthful'}; in the end: ${inTheEnd}`,
  );
  const told = events.map(
    ({ afterMs, send, what }) => `after ${seconds(afterMs)}: ${what}, send ${send % sends.length}`,
  );
  return `\n  ${[...lines, ...told].join('\n  ')}\n`;
}

/** One request's fate in a few words. */
export function describeRequest({ reply, recorded, slow, shownAfterMs, failed }: RequestFate): string {
  const row = recorded
    ? `${shownAfterMs > 0 ? `, shown after ${seconds(shownAfterMs)}` : ''}${failed ? ', failed by the phone' : ''}`
    : '';
  const unclear = reply === 'lost' || reply === 'crash';
  return `${reply}${unclear ? (recorded ? ' but recorded' : ', not recorded') : ''}${slow ? ', slow' : ''}${row}`;
}

/** Milliseconds as seconds. */
export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

/** A start or an event, at its time. */
export type Step = { readonly afterMs: number } & (
  { readonly index: number; readonly plan: PlannedSend } | { readonly event: PlannedEvent }
);

/** What is to be done, in order. */
export function stepsOf({ sends, events }: Scenario): Step[] {
  const steps: Step[] = [
    ...sends.map((plan, index) => ({ afterMs: plan.startsAfterMs, index, plan })),
    ...events.map((event) => ({ afterMs: event.afterMs, event })),
  ];
  return steps.sort((a, b) => a.afterMs - b.afterMs);
}
