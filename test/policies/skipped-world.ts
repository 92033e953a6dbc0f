import { randomBytes, randomUUID } from 'node:crypto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { WorkflowHandle } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { ActivityPorts } from '../../src/activities/ports.js';
import { openDatabase } from '../../src/db/database.js';
import { openLockedTransactions } from '../../src/db/locked-transactions.js';
import { createPolicies } from '../../src/db/policies/policies.js';
import { WORKFLOW_TYPE } from '../../src/domain/names.js';
import type { SmsJob, SmsResult } from '../../src/domain/sms-job.js';
import { createSmsWorker } from '../../src/worker/create-worker.js';
import { openPorts } from '../../src/worker/open-ports.js';
import { addAccount } from '../../tools/dev/demo-account.js';
import { startSimulator, type Simulator } from '../../tools/simulator/start-simulator.js';
import { policyRows, type PolicyRows } from '../support/policy-rows.js';
import { PATIENT_TASKS, RUNS_WITHOUT_WORKER } from '../support/runs-without-worker.js';
import { createWebAppDatabase, sharedWorkflowBundle } from '../support/shared-parts.js';

/** Workers, PostgreSQL and a simulator whose time is skipped, and begins whenever a test says. */
export interface SkippedWorld {
  readonly simulator: Simulator;
  readonly rows: PolicyRows;
  readonly accountId: string;
  readonly apiKey: string;
  /** A further account, whose key is one of `otherApiKeys`. */
  readonly addAccount: (apiKey: string) => Promise<string>;
  /** Starts a send, and answers its handle at once. */
  readonly start: (job: Partial<SmsJob>) => Promise<WorkflowHandle<(job: SmsJob) => Promise<SmsResult>>>;
  /** Starts so many workers, each with connections of its own. */
  readonly startWorkers: (count: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** What a world is made with. */
export interface SkippedWorldOptions {
  readonly environment: TestWorkflowEnvironment;
  /** When its time begins, ISO 8601. @default now */
  readonly startsAt?: string;
  /** Keys of further accounts. */
  readonly otherApiKeys?: readonly string[];
  /** Replaces ports of each worker, with its own to build on. */
  readonly change?: (ports: ActivityPorts) => ActivityPorts;
}

/** Ahead of every test: an inbox that was just read, whenever somebody looks. */
const ALWAYS_READ_MS = Date.UTC(2100, 0, 1);

/**
 * Makes a world without workers. The clock of PostgreSQL's decisions and of the simulator is the
 * skipped one, moved to where the test begins; the workflow's own clock is not moved, so a job has
 * no absolute times.
 */
export async function createSkippedWorld(options: SkippedWorldOptions): Promise<SkippedWorld> {
  const {
    environment,
    startsAt,
    otherApiKeys = [],
    change = (ports: ActivityPorts): ActivityPorts => ports,
  } = options;
  const startMs = await environment.currentTimeMs();
  const aheadMs = startsAt === undefined ? 0 : Date.parse(startsAt) - startMs;
  let clockMs = startMs + aheadMs;
  const tick = async () => {
    clockMs = Math.max(clockMs, (await environment.currentTimeMs()) + aheadMs);
    return clockMs;
  };
  const apiKey = `key-${randomBytes(16).toString('hex')}`;
  const encryptionKey = randomBytes(32).toString('hex');
  const databaseUrl = await createWebAppDatabase();
  const rows = policyRows(databaseUrl);
  const simulator = await startSimulator({
    apiKeys: [apiKey, ...otherApiKeys],
    phoneDelayMs: 0,
    now: () => clockMs,
  });
  async function addReadAccount(key: string): Promise<string> {
    const id = await addAccount(databaseUrl, { apiKey: key, encryptionKey });
    await rows.readInbox(id, ALWAYS_READ_MS);
    return id;
  }
  const accountId = await addReadAccount(apiKey);
  const taskQueue = `sms-${randomUUID()}`;
  let stops: (() => Promise<void>)[] = [];

  function createWorldPorts(ports: ActivityPorts, policies: NonNullable<ActivityPorts['policies']>) {
    const worldPorts: ActivityPorts = {
      ...ports,
      policies: {
        reserveMoment: async (request) => {
          await tick();
          return policies.reserveMoment({ ...request, deadlineMs: request.deadlineMs + aheadMs });
        },
        releaseMoment: (ticket) => policies.releaseMoment(ticket),
        openPhone: (phone) => policies.openPhone(phone),
        clear: async (request) => (await tick(), policies.clear(request)),
      },
      inboxes: { readSoon: () => Promise.resolve() },
      provider: { send: async (request) => (await tick(), ports.provider.send(request)) },
      runs: RUNS_WITHOUT_WORKER,
      tasks: PATIENT_TASKS,
    };
    return change(worldPorts);
  }

  async function startWorker(): Promise<void> {
    // One connection takes one worker of a task queue.
    const connection = await NativeConnection.connect({ address: environment.address });
    const opened = openPorts(
      {
        databaseUrl,
        encryptionKeys: [encryptionKey],
        providerUrl: simulator.url,
        payloadKeys: [],
        requireEncrypted: false,
        policies: true,
        optOutReply: undefined,
        taskQueue,
      },
      { connection, namespace: 'default' },
      { listingLagMs: 0, gatherMs: 0 },
    );
    const database = openDatabase({ url: databaseUrl, maxConnections: 2 });
    const transactions = openLockedTransactions(databaseUrl);
    const policies = createPolicies({ database, transactions, now: () => clockMs });
    const worker = await createSmsWorker({
      connection,
      namespace: 'default',
      taskQueue,
      ports: createWorldPorts(opened.ports, policies),
      dataConverter: opened.dataConverter,
      workflowBundle: await sharedWorkflowBundle(),
    });
    const running = worker.run();
    stops.push(async () => {
      worker.shutdown();
      await running;
      await Promise.all([opened.close(), database.close(), transactions.close()]);
      await connection.close();
    });
  }

  async function stopWorkers(): Promise<void> {
    const stopping = stops;
    stops = [];
    await Promise.all(stopping.map((stop) => stop()));
  }

  return {
    simulator,
    rows,
    accountId,
    apiKey,
    addAccount: addReadAccount,
    start: (changes) =>
      environment.client.workflow.start<(job: SmsJob) => Promise<SmsResult>>(WORKFLOW_TYPE, {
        taskQueue,
        workflowId: `send-${randomUUID()}`,
        args: [{ recipientPhone: '+33639980001', message: `Bonjour ${randomUUID()}`, accountId, ...changes }],
      }),
    startWorkers: async (count) => {
      await Promise.all(Array.from({ length: count }, startWorker));
    },
    close: async () => {
      await stopWorkers();
      await simulator.close();
    },
  };
}
