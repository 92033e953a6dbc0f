import { createSmsMobileApi } from '../../src/provider/sms-mobile-api.js';
import { TUNNELS } from './connect-proxy.js';
import { REQUEST } from './provider-fixture.js';

/**
 * Sends to every address given, all at once, then reads its sent messages; prints what came of it
 * as JSON. Run by the Node.js under test.
 */
const results = await Promise.all(
  process.argv.slice(2).map(async (baseUrl) => {
    const connectTimeoutMs = baseUrl.endsWith(`:${TUNNELS.silent}`) ? 1_000 : 30_000;
    const api = createSmsMobileApi({ baseUrl, limits: { connectTimeoutMs } });
    try {
      const outcome = await api.send(REQUEST);
      const log = await api.readSentMessages({ apiKey: REQUEST.apiKey, sinceMs: Date.now() - 60_000 });
      return { outcome, log };
    } finally {
      api.close();
    }
  }),
);
process.stdout.write(JSON.stringify(results));
