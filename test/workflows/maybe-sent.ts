import type { SmsJob } from '../../src/client.js';
import type { FaultRule } from '../../tools/simulator/fault-rule.js';
import { smsAttributesOf } from '../support/run-history.js';
import type { SendFixture } from '../support/send-fixture.js';

/** Sends whose requests meet faults, by a fixture. */
export function maybeSent(fixture: () => SendFixture) {
  const messagesTo = (recipientPhone: string) =>
    fixture()
      .simulator.messages()
      .filter(({ recipient }) => recipient === recipientPhone);
  const attributesOf = async (workflowId: string) =>
    smsAttributesOf(await fixture().temporal.workflow.getHandle(workflowId).describe());

  /** Sends a job whose requests meet these faults, one after the other. */
  async function send(faults: readonly Omit<FaultRule, 'number'>[], options: SmsJob['options'] = {}) {
    const { simulator, client, job: makeJob } = fixture();
    const job = makeJob({ options: { unknownChecksMs: [200, 600], ...options } });
    for (const fault of faults) simulator.addFaults({ times: 1, ...fault, number: job.recipientPhone });
    const sent = await client.send(job);
    return { job, workflowId: sent.workflowId, end: () => sent.result() };
  }

  return { messagesTo, attributesOf, send };
}
