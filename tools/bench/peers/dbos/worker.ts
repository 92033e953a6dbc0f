import { DBOS } from '@dbos-inc/dbos-sdk';
import express from 'express';
import { createShapeActivities } from '../../shapes/activities.js';
import type { ShapeJob } from '../../shapes/types.js';
import { endOnSigterm } from '../end-on-sigterm.js';
import { readPeerWorkerOptions } from '../peer-worker-options.js';
import { POOL_SIZE, SEND_PATH, type SendRequest } from './send-request.js';

/** The process of an app with DBOS in it, which is called over HTTP. */
const { storeUrl, activities: options, port = 0 } = readPeerWorkerOptions();
const activities = createShapeActivities(options);
/** How long workflows may take to end at SIGTERM, in milliseconds. */
const DRAIN_MS = 30_000;

const sendSms = DBOS.registerWorkflow(
  async ({ accountId, recipientPhone, message }: ShapeJob) => {
    const { encryptedApiKey } = await DBOS.runStep(() => activities.loadEncryptedKey({ accountId }), {
      name: 'loadEncryptedKey',
      retriesAllowed: true,
    });
    const { apiKey } = await DBOS.runStep(() => activities.decryptKey({ encryptedApiKey }), {
      name: 'decryptKey',
      retriesAllowed: true,
    });
    return await DBOS.runStep(() => activities.send({ apiKey, recipientPhone, message }), {
      name: 'send',
      retriesAllowed: true,
    });
  },
  { name: 'sendSms' },
);

DBOS.setConfig({
  name: 'bench-dbos',
  systemDatabaseUrl: storeUrl,
  systemDatabasePoolSize: POOL_SIZE,
  applicationVersion: '0.1.0',
  logLevel: 'error',
});
await DBOS.launch();

const app = express();
app.use(express.json());
app.post(SEND_PATH, async (req, res) => {
  const { key, job } = req.body as SendRequest;
  try {
    const handle = await DBOS.startWorkflow(sendSms, { workflowID: key })(job);
    res.json(await handle.getResult());
  } catch (error) {
    res.status(500).json({ error: String(error) });
  }
});
const server = app.listen(port, '127.0.0.1', () => {
  process.stdout.write('{"msg":"worker started"}\n');
});
endOnSigterm(async () => {
  server.close();
  await DBOS.shutdown({ workflowCompletionTimeoutMS: DRAIN_MS });
});
