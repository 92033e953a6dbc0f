import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createActivities } from '../../src/activities/create-activities.js';
import type { ActivityPorts } from '../../src/activities/ports.js';
import type {
  ComputeRecipientKeyInput,
  DecryptApiKeyInput,
  LoadEncryptedApiKeyInput,
  SendSmsInput,
  SentSms,
} from '../../src/activities/types.js';
import { NO_DELIVERIES, PATIENT_TASKS, RUNS_WITHOUT_WORKER } from '../support/runs-without-worker.js';
import { createLog, createTemporalLogger } from '../../src/observability/log.js';
import type { SendOutcome } from '../../src/domain/send-outcome.js';

export const RUN = { workflowId: 'sms-run-1', runId: 'run-1' };
export const NOW = Date.UTC(2030, 0, 1);
export const START_TO_CLOSE_MS = 60_000;

/** What must never be seen: each can be found again. */
export const SECRETS = {
  apiKey: 'k3y-4f7a0c9e2b',
  recipientPhone: '+33639981234',
  message: 'Bonjour-Z9Q',
  encryptedApiKey: 'c3RvcmVk-Z9Q',
};

export const INPUT: SendSmsInput = {
  sealedApiKey: 'v1.sealed-Z9Q',
  originalRunId: RUN.runId,
  recipientPhone: SECRETS.recipientPhone,
  message: SECRETS.message,
  attempt: 3,
  deadlineMs: NOW + 3_600_000,
  accountId: '6f1c1f0e-2b1b-4a58-9d0a-0a6a6a1f0c11',
  lane: '',
  clearedAtMs: NOW - 1_000,
};

type ProviderRequest = Parameters<ActivityPorts['provider']['send']>[0];

/** Ports that work; each test replaces what it is about. */
export function createPorts(changes: Partial<ActivityPorts> = {}): ActivityPorts {
  return {
    accounts: {
      findEncryptedApiKey: () => Promise.resolve({ encryptedApiKey: SECRETS.encryptedApiKey }),
    },
    policies: undefined,
    inboxes: { readSoon: () => Promise.resolve() },
    inbox: undefined,
    cipher: { reseal: () => 'v1.sealed-Z9Q', unseal: () => SECRETS.apiKey },
    provider: { send: () => Promise.resolve({ kind: 'accepted', messageId: 'id-1', httpStatus: 200 }) },
    sentMessages: {
      read: () => Promise.resolve({ kind: 'read', rows: [], incomplete: undefined, reachesBack: true }),
    },
    runs: RUNS_WITHOUT_WORKER,
    deliveries: NO_DELIVERIES,
    tasks: PATIENT_TASKS,
    wait: () => Promise.resolve(),
    unencryptedJobs: 'admitted',
    recipientKey: (recipientPhone) => `digest of ${recipientPhone.length} characters`,
    listingLagMs: 60_000,
    now: () => NOW,
    ...changes,
  };
}

/** A provider that notes its requests and answers with this outcome. */
export function fakeProvider(answer: (request: ProviderRequest) => SendOutcome) {
  const requests: ProviderRequest[] = [];
  return {
    requests,
    send: (request: ProviderRequest) => {
      requests.push(request);
      return Promise.resolve(answer(request));
    },
  };
}

/** The activities, and the environment of a run that they are run in. */
export function createRunner(ports: ActivityPorts, runId = RUN.runId, attempt = 1, scheduledMs = NOW) {
  const environment = new MockActivityEnvironment(
    {
      workflowExecution: { ...RUN, runId },
      startToCloseTimeoutMs: START_TO_CLOSE_MS,
      currentAttemptScheduledTimestampMs: scheduledMs,
      attempt,
    },
    { logger: createTemporalLogger(createLog({ level: 'silent' })) },
  );
  const activities = createActivities(ports);
  // Wrapped, as the activities are declared as methods.
  const loadEncryptedApiKey = (input: LoadEncryptedApiKeyInput) => activities.loadEncryptedApiKey(input);
  const decryptApiKey = (input: DecryptApiKeyInput) => activities.decryptApiKey(input);
  const sendSms = (input: SendSmsInput) => activities.sendSms(input);
  const computeRecipientKey = (input: ComputeRecipientKeyInput) => activities.computeRecipientKey(input);
  const originalRunId = RUN.runId;
  const { encryptedApiKey, recipientPhone } = SECRETS;
  return {
    environment,
    load: () => environment.run(loadEncryptedApiKey, { accountId: 'account-1' }),
    decrypt: () => environment.run(decryptApiKey, { encryptedApiKey, originalRunId }),
    send: (changes: Partial<SendSmsInput> = {}) =>
      environment.run<[SendSmsInput], SentSms, typeof sendSms>(sendSms, { ...INPUT, ...changes }),
    digest: () => environment.run(computeRecipientKey, { recipientPhone }),
  };
}

/**
 * Asserts that an activity fails with this code, and that its failure exposes no secret.
 */
export async function failureOf(work: Promise<unknown>, type: string): Promise<ApplicationFailure> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof ApplicationFailure, `no ApplicationFailure: ${inspect(error)}`);
    assert.equal(error.type, type);
    assertTellsNothing(error);
    return error;
  }
  assert.fail(`expected ${type}, but nothing failed`);
}

export function assertTellsNothing(error: unknown): void {
  const all = inspect(error, { depth: null, showHidden: true });
  for (const secret of [...Object.values(SECRETS), SECRETS.recipientPhone.slice(1), INPUT.sealedApiKey]) {
    assert.ok(!all.includes(secret), `the failure holds ${secret}`);
  }
}
