import { fileURLToPath } from 'node:url';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { createSmsClient } from '../../../src/client.js';
import { workflowIdFor } from '../../../src/domain/names.js';
import { startWorkerProcess } from '../../servers/worker-process.js';
import type { BenchParts, TemporalParts } from '../parts.js';
import type { BenchSystem } from '../system.js';
import { openPolicy } from './open-policy.js';
import { sendToEnd } from './send-to-end.js';
import { readSendCost } from './send-cost.js';

const WORKER = fileURLToPath(new URL('../../../dist/worker.js', import.meta.url));

/** What ours is measured as, by name. */
const DURABLE_SHAPES = {
  durable: { label: 'durable-sms', isEncrypted: true, purpose: 'transactional' },
  durablePlain: { label: 'durable-sms, payloads in clear', isEncrypted: false, purpose: 'transactional' },
  durableMarketing: { label: 'durable-sms, a marketing message', isEncrypted: true, purpose: 'marketing' },
} as const;

/** Ours: its own client, and the worker as `npm run worker` starts it. */
export async function startDurable(options: {
  parts: BenchParts;
  temporal: TemporalParts;
  client: Client;
  /** @default durable */
  shape?: keyof typeof DURABLE_SHAPES;
}): Promise<BenchSystem> {
  const { parts, temporal, client, shape: name = 'durable' } = options;
  const { label, isEncrypted, purpose } = DURABLE_SHAPES[name];
  const { address, namespace } = temporal.temporal;
  if (purpose === 'marketing') await openPolicy(parts.databaseUrl, parts.accountId);
  const taskQueue = `shape-${name}`;
  const worker = await startDurableWorker({ parts, temporal, taskQueue, isEncrypted });
  const sms = createSmsClient({
    connection: { address },
    namespace,
    taskQueue,
    payloadKeys: isEncrypted ? parts.payloadKeys : 'off',
    purpose,
  });
  parts.cleanUp.add(sms.close);
  return {
    name,
    label,
    send: (job) => sendToEnd(sms, job),
    workerPids: () => [worker.process.pid],
    serverPids: temporal.pids,
    costOf: ({ accountId, key }) => readSendCost(client, workflowIdFor(accountId, key)),
  };
}

/** Starts the compiled worker with its environment. */
export async function startDurableWorker(options: {
  parts: BenchParts;
  temporal: TemporalParts;
  taskQueue: string;
  isEncrypted: boolean;
  /** Options of Node. */
  nodeOptions?: readonly string[];
  /** Of this worker, where several serve a task queue; the task queue's unless given. */
  name?: string;
  /** Another compiled worker. */
  script?: string | undefined;
}) {
  const {
    parts,
    temporal,
    taskQueue,
    isEncrypted,
    nodeOptions = [],
    script = WORKER,
    name = taskQueue,
  } = options;
  const { databaseUrl, encryptionKey, payloadKeys, providerUrl } = parts;
  const emptyProfile = join(await parts.makeDirectory(`worker-${name}`), 'temporal.toml');
  await writeFile(emptyProfile, '[profile.default]\n');
  const worker = await startWorkerProcess({
    guard: parts.guard,
    nodeArguments: [...nodeOptions, script],
    environment: {
      DATABASE_URL: databaseUrl,
      SMS_API_KEY_ENCRYPTION_KEY: encryptionKey,
      ...(isEncrypted ? { SMS_PAYLOAD_KEYS: payloadKeys } : { SMS_PAYLOAD_ENCRYPTION: 'off' }),
      SMS_TASK_QUEUE: taskQueue,
      SMSMOBILEAPI_URL: providerUrl,
      TEMPORAL_ADDRESS: temporal.temporal.address,
      TEMPORAL_NAMESPACE: temporal.temporal.namespace,
      TEMPORAL_CONFIG_FILE: emptyProfile,
    },
  });
  parts.cleanUp.add(worker.stop);
  return worker;
}
