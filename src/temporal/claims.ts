import { createHash } from 'node:crypto';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { AccountMessage, RunsPort } from '../activities/ports.js';
import { plaintextMemo } from '../encryption/plaintext-memo.js';
import { CLAIM_WORKFLOW_TYPE, claimWorkflowIdFor } from '../domain/names.js';
import type { RunOwner } from '../domain/run-owner.js';
import type { MessageClaimInput } from '../workflows/claim-message.js';
import { searchAttribute } from '../workflows/search-attributes.js';
import { fieldsOf } from '../domain/is-record.js';
import { askTemporal } from './ask-temporal.js';
import type { RunsOptions } from './runs-options.js';
import { createDecodeFirst, type Decoded } from './decode-first.js';
import { fetchFirstEvent } from './history-events.js';

/** A provider's usual id, which says more to people than its digest. */
const PLAIN_ID = /^[0-9a-f]{40}$/;

/**
 * Makes {@link RunsPort.claim} and {@link RunsPort.findClaim}. A claim is a workflow whose id names
 * account and message: of all that start it at once, Temporal lets one. It counts from its start,
 * whether a worker runs it or not, and lasts as long as the namespace keeps closed runs.
 */
export function createClaims({
  client,
  taskQueue,
  unprovenClaims = 'admitted',
}: Pick<RunsOptions, 'client' | 'taskQueue' | 'unprovenClaims'>): Pick<RunsPort, 'claim' | 'findClaim'> {
  const decodeFirst = createDecodeFirst(client.options.loadedDataConverter, client.options.namespace);

  function isAdmitted(input: Decoded): input is Extract<Decoded, { kind: 'value' }> {
    return input.kind === 'value' && (unprovenClaims === 'admitted' || input.origin === 'bound');
  }

  async function findClaim(message: AccountMessage): Promise<RunOwner | undefined> {
    const workflowId = claimIdOf(message);
    const first = await fetchFirstEvent(client, { workflowId });
    if (first === undefined) return undefined;
    const started = first.workflowExecutionStartedEventAttributes;
    const input = await decodeFirst(started?.input?.payloads, workflowId);
    const isClaim = started?.workflowType?.name === CLAIM_WORKFLOW_TYPE;
    const owner = isClaim && isAdmitted(input) ? readOwner(fieldsOf(input.value)['owner']) : undefined;
    if (owner === undefined) throw new Error('A message is claimed, but its owner cannot be read.');
    return owner;
  }

  return {
    findClaim,
    async claim(message, owner) {
      const input: MessageClaimInput = { owner };
      const isNew = await askTemporal('start a claim', async () => {
        try {
          await client.workflow.start(CLAIM_WORKFLOW_TYPE, {
            workflowId: claimIdOf(message),
            taskQueue,
            args: [input],
            memo: plaintextMemo({ accountId: message.accountId, workflowId: owner.workflowId }),
            typedSearchAttributes: [searchAttribute('SmsAccountId', message.accountId.toLowerCase())],
            workflowIdReusePolicy: 'REJECT_DUPLICATE',
            workflowIdConflictPolicy: 'FAIL',
            // Where no worker runs it, it ends by itself: an ended claim counts as much.
            workflowRunTimeout: '1 day',
          });
          return true;
        } catch (error) {
          if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
          throw error;
        }
      });
      if (isNew) return owner;
      const claimed = await findClaim(message);
      if (claimed === undefined) throw new Error('A claim that was just found no longer exists.');
      return claimed;
    },
  };
}

function claimIdOf({ accountId, messageId }: AccountMessage): string {
  const digest = PLAIN_ID.test(messageId)
    ? messageId
    : createHash('sha256').update(messageId, 'utf8').digest('hex').slice(0, 40);
  return claimWorkflowIdFor(accountId, digest);
}

function readOwner(value: unknown): RunOwner | undefined {
  const { workflowId, originalRunId } = fieldsOf(value);
  if (typeof workflowId !== 'string' || typeof originalRunId !== 'string') return undefined;
  return workflowId === '' || originalRunId === '' ? undefined : { workflowId, originalRunId };
}
