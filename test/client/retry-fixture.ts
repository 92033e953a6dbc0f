import assert from 'node:assert/strict';
import type { RetryOutcome, SmsJob } from '../../src/client.js';
import type { RetryOptions } from '../../src/client/retry/retry-outcome.js';
import { retrySend, type RetryContext } from '../../src/client/retry/retry-send.js';
import { parsePayloadKeys } from '../../src/encryption/payload-keys.js';
import { createRecipientKey } from '../../src/encryption/recipient-key.js';
import type { SimulatorMessage } from '../../tools/simulator/simulator-message.js';
import { endedSend, type StartedSend } from '../support/started-sends.js';
import { expectSmsError } from '../support/expect-failure.js';
import type { SendFixture } from '../support/send-fixture.js';

const LOST = { kind: 'http-500', recorded: false } as const;
const TAKEN = { kind: 'http-500', recorded: true } as const;

/** Asserts what came of a retry. */
export function assertKind<K extends RetryOutcome['kind']>(
  outcome: RetryOutcome,
  kind: K,
): asserts outcome is Extract<RetryOutcome, { kind: K }> {
  assert.equal(outcome.kind, kind, JSON.stringify(outcome));
}

/** The messages that the provider took for the recipient of this job. */
export function messagesTo(
  { simulator }: Pick<SendFixture, 'simulator'>,
  { recipientPhone }: SmsJob,
): SimulatorMessage[] {
  return simulator.messages().filter(({ recipient }) => recipient === recipientPhone);
}

/** A send that may have been sent, as its log did not show the message while it asked. */
export async function unknownSend(
  fixture: SendFixture,
  recorded: boolean,
  changes: Partial<SmsJob> = {},
): Promise<StartedSend> {
  fixture.simulator.setFaults(recorded ? [{ kind: 'log-empty', times: 1 }] : []);
  const send = await endedSend(fixture, [recorded ? TAKEN : LOST], changes);
  await expectSmsError(fixture.client.get(send.workflowId).result(), 'SEND_OUTCOME_UNKNOWN');
  return send;
}

/** A retry with these parts in place of the defaults. */
export function retryWith(
  { temporal, taskQueue, payloadKeys }: SendFixture,
  parts: Pick<RetryContext, 'now' | 'maxOutMs'>,
  workflowId: string,
  onReconciling?: RetryOptions['onReconciling'],
): Promise<RetryOutcome> {
  const recipientKey = createRecipientKey(parsePayloadKeys(payloadKeys)[0]);
  const options = onReconciling === undefined ? {} : { onReconciling };
  return retrySend(temporal, workflowId, { taskQueue, recipientKey, ...parts }, options);
}
