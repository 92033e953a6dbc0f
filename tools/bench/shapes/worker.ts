import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { parsePayloadKeys } from '../../../src/encryption/payload-keys.js';
import { createLog, createTemporalLogger } from '../../../src/observability/log.js';
import { createSmsWorker } from '../../../src/worker/create-worker.js';
import { openPorts } from '../../../src/worker/open-ports.js';
import { createShapeActivities } from './activities.js';
import { BENCH_WORKER, type BenchWorkerOptions } from './worker-options.js';

/**
 * The process of a worker that is only measured: of the plain shapes, or of ours with settings that
 * are tried out.
 */
const options = JSON.parse(process.env[BENCH_WORKER] ?? '{}') as BenchWorkerOptions;
const log = createLog({ level: 'warn', format: 'json' });
Runtime.install({ logger: createTemporalLogger(log), shutdownSignals: ['SIGINT', 'SIGTERM'] });
const { address, namespace, taskQueue, tuning, runs } = options;
const connection = await NativeConnection.connect({
  address,
  grpcCompression: { codec: options.compression },
});

async function createWorker(): Promise<Worker> {
  if (runs.kind === 'shapes') {
    return await Worker.create({
      connection,
      namespace,
      taskQueue,
      ...tuning,
      workflowBundle: { codePath: runs.bundlePath },
      activities: createShapeActivities(runs.activities),
    });
  }
  const { databaseUrl, encryptionKey, providerUrl } = runs.activities;
  const { ports, dataConverter } = openPorts(
    {
      databaseUrl,
      encryptionKeys: [encryptionKey],
      providerUrl,
      payloadKeys: runs.payloadKeys === 'off' ? [] : parsePayloadKeys(runs.payloadKeys),
      requireEncrypted: false,
      policies: true,
      optOutReply: undefined,
      taskQueue,
    },
    { connection, namespace },
  );
  return await createSmsWorker({ connection, namespace, taskQueue, ports, dataConverter, tuning });
}

const worker = await createWorker();
process.stdout.write('{"msg":"worker started"}\n');
await worker.run();
await connection.close();
process.exit();
