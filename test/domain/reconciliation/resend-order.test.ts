import assert from 'node:assert/strict';
import type { Occurrence } from '../../../src/domain/reconciliation/event.js';
import type { SentSmsVerdict } from '../../../src/domain/reconciliation/verdict.js';
import type { SendDecision } from '../../../src/domain/send-decision.js';
import { asked, CLOSED, interrupted, lost, playSteps, WAITED } from './play-steps.js';

const ORDER: SendDecision = { resend: true };
const HELD: Occurrence[] = [lost(), WAITED, asked({ verdict: 'clean' })];
const LATE_ROW: SentSmsVerdict = {
  verdict: 'ambiguous',
  reason: 'a row is not claimed yet',
  showsMessage: true,
  isTransient: true,
};

const play = (...occurrences: Occurrence[]) =>
  playSteps({ onUnknown: 'hold' }, ...occurrences).map(({ kind }) => kind);

describe('an order to resend', () => {
  it('waits while a row that may be the message will soon be resolved', () => {
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

  it('is carried out once that row proves to be another run’s', () => {
    const commands = play(
      ...HELD,
      interrupted(ORDER),
      asked(LATE_ROW, ORDER),
      interrupted(),
      asked({ verdict: 'clean' }),
      CLOSED,
    );
    assert.deepEqual(commands.slice(3), ['ask', 'hold', 'ask', 'close-hold', 'request']);
  });

  it('is carried out at once when the sent messages stay ambiguous', () => {
    const unclear: SentSmsVerdict = { verdict: 'ambiguous', reason: 'a row has no date', showsMessage: true };
    for (const verdict of [unclear, { verdict: 'unreadable', reason: 'HTTP 500' } as const]) {
      const commands = play(...HELD, interrupted(ORDER), asked(verdict, ORDER), CLOSED);
      assert.deepEqual(commands.slice(3), ['ask', 'close-hold', 'request']);
    }
  });
});
