import assert from 'node:assert/strict';
import type { Occurrence } from '../../../src/domain/reconciliation/event.js';
import { firstStep, nextStep } from '../../../src/domain/reconciliation/next-step.js';
import type { SentSmsVerdict } from '../../../src/domain/reconciliation/verdict.js';
import type { SendDecision } from '../../../src/domain/send-decision.js';

const MINUTE_MS = 60_000;
const LATE_ROW: SentSmsVerdict = {
  verdict: 'ambiguous',
  reason: 'a row is not claimed yet',
  showsMessage: true,
  isTransient: true,
};
const REQUEST = { attempt: 1, fromMs: 0, toMs: 0, key: 'key', message: 'Lost.', refusedRunId: undefined };
const ORDER: SendDecision = { resend: true };

/** The commands of a run whose job wants it held, minute by minute. */
function play(...occurrences: Occurrence[]): string[] {
  let step = firstStep({
    options: { onUnknown: 'hold', unknownChecksMs: [MINUTE_MS] },
    deadlineMs: 60 * MINUTE_MS,
    startedAtMs: 0,
  });
  const commands: string[] = [];
  occurrences.forEach((occurrence, minute) => {
    step = nextStep(step.state, { ...occurrence, nowMs: minute * MINUTE_MS, jitter: 0 });
    commands.push(step.command.kind);
  });
  return commands;
}

const asked = (verdict: SentSmsVerdict, decision?: SendDecision): Occurrence => ({
  ...{ kind: 'asked', verdict, key: 'key', decision },
});
const interrupted = (decision?: SendDecision): Occurrence => ({
  ...{ kind: 'hold-interrupted', isCancelled: false, decision },
});
const HELD: Occurrence[] = [
  { kind: 'unknown', ...REQUEST },
  { kind: 'waited', isCancelled: false },
  asked({ verdict: 'clean' }),
];

describe('an order to send again', () => {
  it('waits while the sent messages show a row that may be the message and will soon be known', () => {
    const found: SentSmsVerdict = {
      verdict: 'found',
      messageId: 'm1',
      timestamp: '2030-01-01T09:00:00.000Z',
    };
    const commands = play(...HELD, interrupted(ORDER), asked(LATE_ROW, ORDER), interrupted(), asked(found), {
      kind: 'hold-closed',
      decision: undefined,
    });
    assert.deepEqual(commands.slice(3), ['ask', 'hold', 'ask', 'close-hold', 'complete']);
  });

  it('is carried out once that row turns out to be another run’s', () => {
    const commands = play(
      ...HELD,
      interrupted(ORDER),
      asked(LATE_ROW, ORDER),
      interrupted(),
      asked({ verdict: 'clean' }),
      { kind: 'hold-closed', decision: undefined },
    );
    assert.deepEqual(commands.slice(3), ['ask', 'hold', 'ask', 'close-hold', 'request']);
  });

  it('is carried out at once where the sent messages stay unclear', () => {
    const unclear: SentSmsVerdict = { verdict: 'ambiguous', reason: 'a row has no date', showsMessage: true };
    for (const verdict of [unclear, { verdict: 'unreadable', reason: 'HTTP 500' } as const]) {
      const commands = play(...HELD, interrupted(ORDER), asked(verdict, ORDER), {
        kind: 'hold-closed',
        decision: undefined,
      });
      assert.deepEqual(commands.slice(3), ['ask', 'close-hold', 'request']);
    }
  });
});
