import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { activityInfo } from '@temporalio/activity';
import { Client, Connection, type WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import type { RunsPort } from '../../src/activities/ports.js';
import { createRecipientKeys } from '../../src/encryption/recipient-key.js';
import { WORKFLOW_TYPE } from '../../src/domain/names.js';
import type { OwningRun, RunOwner } from '../../src/domain/run-owner.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { createRuns, type RunsOptions } from '../../src/temporal/create-runs.js';
import { searchAttribute } from '../../src/workflows/search-attributes.js';
import { sharedNativeConnection, sharedTemporal } from '../support/shared-parts.js';
import type { ActivityStep, ScriptedJob } from './scripted-workflow.js';

/** Whose runs, and to whom. */
export interface Line {
  readonly accountId: string;
  readonly recipientPhone: string;
}

/** Scripted runs on the shared server, and what is to be tested on them. */
export interface RunsFixture {
  readonly temporal: Client;
  /** A client over the connection of the SDK's core, which has errors of its own. */
  readonly nativeTemporal: Client;
  readonly taskQueue: string;
  readonly runs: RunsPort;
  readonly createRuns: (changes?: Partial<RunsOptions>) => RunsPort;
  /** An account and a number that no other test uses. */
  readonly line: (changes?: Partial<Line>) => Line;
  readonly start: (
    line: Line,
    job: ScriptedJob,
    options?: { recipientKey?: string; workflowId?: string },
  ) => Promise<WorkflowHandleWithFirstExecutionRunId>;
  /** Lets the activities pass that wait at this gate. */
  readonly open: (gate: string) => void;
  /** Waits until the owning runs of a line satisfy a condition: visibility lags. */
  readonly listUntil: (
    what: string,
    line: Line,
    condition: (runs: readonly OwningRun[]) => boolean,
  ) => Promise<readonly OwningRun[]>;
  readonly close: () => Promise<void>;
}

/** The digests where payload encryption is off. */
export const recipientKeys = createRecipientKeys([]);

/** An hour ago, epoch milliseconds: all runs of a test are younger. */
export const anHourAgo = (): number => Date.now() - 3_600_000;

/** A step of a script: a request that the provider accepted. */
export const accepted = (messageId: string) => ({
  activity: 'sendSms',
  result: { messageId, timestamp: '' },
});

/** Who owns the messages of a run that was started here. */
export const ownerOf = ({
  workflowId,
  firstExecutionRunId,
}: WorkflowHandleWithFirstExecutionRunId): RunOwner => ({
  workflowId,
  originalRunId: firstExecutionRunId,
});

/**
 * Asserts that something fails with exactly this sentence, and nothing behind it that could quote a
 * payload.
 */
export async function assertRejects(failing: Promise<unknown>, message: string): Promise<void> {
  await assert.rejects(failing, (error: Error) => {
    assert.equal(error.message, message);
    assert.equal(error.cause, undefined);
    assert.deepEqual(Object.keys(error), []);
    return true;
  });
}

/** Sets everything up. */
export async function createRunsFixture(): Promise<RunsFixture> {
  const { address, namespace } = await sharedTemporal();
  const nativeConnection = await sharedNativeConnection();
  const connection = await Connection.connect({ address });
  const temporal = new Client({ connection, namespace });
  const taskQueue = `runs-test-${randomUUID()}`;
  const gates = createGates();
  const worker = await Worker.create({
    connection: nativeConnection,
    namespace,
    taskQueue,
    workflowsPath: fileURLToPath(new URL('./scripted-workflow.ts', import.meta.url)),
    activities: Object.fromEntries(
      ['sendSms', 'findSentSms', 'findDuplicate'].map((name) => [name, scriptedActivity(gates.passing)]),
    ),
  });
  const running = worker.run();
  const started: WorkflowHandleWithFirstExecutionRunId[] = [];
  const create = (changes?: Partial<RunsOptions>) =>
    createRuns({ client: temporal, taskQueue, recipientKeys, ...changes });
  const runs = create();
  let numbers = 0;
  return {
    temporal,
    taskQueue,
    runs,
    createRuns: create,
    open: gates.open,
    nativeTemporal: new Client({ connection: nativeConnection, namespace }),
    line: (changes) => ({
      accountId: randomUUID(),
      recipientPhone: `+3363998${String(1000 + numbers++)}`,
      ...changes,
    }),
    async start(line, job, { recipientKey, workflowId } = {}) {
      const [fixedKey = ''] = recipientKeys(line.recipientPhone);
      const handle = await temporal.workflow.start(WORKFLOW_TYPE, {
        workflowId: workflowId ?? `runs-test-${randomUUID()}`,
        taskQueue,
        args: [{ ...line, ...job }],
        typedSearchAttributes: [
          searchAttribute('SmsAccountId', line.accountId),
          searchAttribute('SmsRecipientKey', recipientKey ?? fixedKey),
        ],
      });
      started.push(handle);
      return handle;
    },
    listUntil: (what, line, condition) =>
      waitUntil(what, async () => {
        const list = await runs.listOwningRuns({ ...line, sinceMs: anHourAgo() });
        return condition(list) ? list : undefined;
      }),
    close: async () => {
      gates.openAll();
      await Promise.all(
        started.map(({ workflowId }) =>
          temporal.workflow
            .getHandle(workflowId)
            .terminate()
            .catch(() => undefined),
        ),
      );
      worker.shutdown();
      await running;
      await connection.close();
    },
  };
}

function scriptedActivity(passing: (gate: string) => Promise<void>) {
  return async (step: ActivityStep & { originalRunId: string }): Promise<unknown> => {
    if (step.gate !== undefined) await passing(step.gate);
    const wasReset = activityInfo().workflowExecution?.runId !== step.originalRunId;
    const result = wasReset ? step.resultOfReset : step.result;
    if (result === undefined) throw ApplicationFailure.nonRetryable('as the script says');
    return result;
  };
}

function createGates() {
  const gates = new Map<string, { open: () => void; passing: Promise<void> }>();
  function gateOf(name: string) {
    const known = gates.get(name);
    if (known !== undefined) return known;
    const { promise: passing, resolve: open } = withResolvers();
    const gate = { passing, open };
    gates.set(name, gate);
    return gate;
  }
  return {
    passing: (name: string) => gateOf(name).passing,
    open: (name: string) => {
      gateOf(name).open();
    },
    openAll: () => {
      for (const { open } of gates.values()) open();
    },
  };
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
