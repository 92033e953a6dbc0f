import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describeFinding } from '../../src/cli/format-audit.js';
import { describeCliError } from '../../src/cli/cli-error.js';
import { printable } from '../../src/cli/printable.js';
import { describeRetry } from '../../src/cli/retry/format-retry.js';
import { SmsError } from '../../src/domain/errors.js';
import { smsFor, type Sms } from '../support/cli.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';

/** A clear screen, a bell, a C1 control sequence, text from right to left, a line of its own. */
const HOSTILE = 'id\u001b[2J\u0007\u009b31m\u202e\nsent';
const SHOWN = 'id?[2J??31m??sent';

describe('text from outside, as the CLI prints it', () => {
  it('loses its control characters, and keeps the letters of all scripts', () => {
    assert.equal(printable(HOSTILE), SHOWN);
    assert.equal(printable('Où ça… 東京 😀'), 'Où ça… 東京 😀');
  });

  it('is cleaned in the result of a retry', () => {
    const send = { workflowId: HOSTILE, retryOf: HOSTILE, reconciledFirst: false, deadlineRenewed: false };
    for (const outcome of [
      { kind: 'started', runId: '', ...send },
      { kind: 'would-start', ...send },
      { kind: 'already-retried', workflowId: HOSTILE, runId: '', status: 'accepted' },
      { kind: 'was-sent', workflowId: 'sms-1', messageId: HOSTILE, timestamp: HOSTILE },
      { kind: 'refused', why: 'unresolved', reason: HOSTILE },
    ] as const) {
      const text = describeRetry(HOSTILE, outcome);
      assert.ok(text.includes(SHOWN), text);
      // eslint-disable-next-line no-control-regex
      assert.doesNotMatch(text.replace('\nTo follow it: ', ''), /[\u0000-\u001f\u007f-\u009f\u202e]/);
    }
  });

  it('is cleaned in the findings of an audit', () => {
    const workflowId = HOSTILE;
    const twice = describeFinding({ workflowId, messageId: HOSTILE, possibleDuplicateOf: HOSTILE });
    assert.equal(twice, `${SHOWN}: sent as ${SHOWN}, possible duplicate of ${SHOWN}`);
    const unclear = describeFinding({ workflowId, unclear: HOSTILE });
    assert.equal(unclear, `${SHOWN}: undetermined: ${SHOWN}`);
    assert.equal(describeFinding({ workflowId }), undefined);
  });

  it('is cleaned in errors', () => {
    const { message } = describeCliError(new SmsError('NOT_HELD', { message: HOSTILE }));
    assert.equal(message, `NOT_HELD: ${SHOWN}`);
  });

  describe('in a message id of the provider', () => {
    let fixture: SendFixture;
    let sms: Sms;
    before(async () => {
      fixture = await createSendFixture({
        change: (ports) => ({
          ...ports,
          provider: {
            async send(request) {
              const outcome = await ports.provider.send(request);
              return outcome.kind === 'accepted' ? { ...outcome, messageId: HOSTILE } : outcome;
            },
          },
        }),
      });
      sms = await smsFor(fixture);
    });
    after(() => fixture.close());

    it('is cleaned by send --wait, status and watch, and complete in their JSON', async () => {
      const input = JSON.stringify(fixture.job());
      const key = randomUUID();
      const sent = await sms(['send', '--job', '-', '--wait', '--idempotency-key', key], { input });
      const [workflowId = ''] = sent.stdout.split('\n');
      const status = await sms(['status', workflowId]);
      for (const { stdout, stderr } of [sent, status]) {
        assert.ok(stdout.includes(`message id    ${SHOWN}\n`), stdout + stderr);
      }
      const watch = await sms(['watch', workflowId]);
      assert.ok(watch.stdout.endsWith(`  accepted  ${SHOWN}`), watch.stdout);
      for (const { stdout } of [sent, status, watch]) {
        // eslint-disable-next-line no-control-regex
        assert.doesNotMatch(stdout.replaceAll('\n', ''), /[\u0000-\u001f\u007f-\u009f\u202e]/);
      }
      const json = await sms(['status', workflowId, '--json']);
      assert.equal((JSON.parse(json.stdout) as { messageId: string }).messageId, HOSTILE);
    });
  });
});
