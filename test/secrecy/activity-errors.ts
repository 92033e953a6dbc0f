import { createApiKeyCipher } from '../../src/encryption/api-key-cipher.js';
import { encryptCredentials } from '../../src/encryption/credentials.js';
import { createAccounts } from '../../src/db/accounts.js';
import { openDatabase } from '../../src/db/database.js';
import { createSmsMobileApi } from '../../src/provider/sms-mobile-api.js';
import { createPorts, createRunner, INPUT, RUN } from '../activities/activity-fixture.js';
import type { ScenarioSecrets } from './scenario-secrets.js';
import { ECHOES, type EchoName } from './echoes.js';
import type { World } from './secrecy-world.js';
import { inspectError } from './inspect-error.js';
import type { Trail } from './trail.js';

const OWNER = { workflowId: RUN.workflowId, originalRunId: INPUT.originalRunId };

/**
 * Keeps all that the errors tell which activities throw: before Temporal makes failures of them.
 */
export async function collectActivityErrors(
  { provider: echoing, encryptionKey, databaseUrl }: World,
  trail: Trail,
  { apiKey, recipientPhone, message }: ScenarioSecrets,
): Promise<void> {
  const cipher = createApiKeyCipher([encryptionKey]);
  const provider = createSmsMobileApi({ baseUrl: echoing.url });
  const broken = openDatabase({ url: databaseUrl.replace(/:\d+\//, ':1/') });
  const ports = createPorts({ cipher, provider, accounts: createAccounts(broken), now: Date.now });
  const run = createRunner(ports, RUN.runId, 1, Date.now());
  const keep = async (what: string, work: Promise<unknown>) => {
    await work.catch((error: unknown) => {
      trail.add('errors', `activity, ${what}`, inspectError(error));
    });
  };
  const stored = encryptCredentials(apiKey, encryptionKey);
  const sealedApiKey = cipher.reseal(stored, OWNER);
  try {
    for (const name of Object.keys(ECHOES) as EchoName[]) {
      echoing.answerSends(recipientPhone, { echo: ECHOES[name] });
      const request = { sealedApiKey, recipientPhone, message, deadlineMs: Date.now() + 60_000 };
      await keep(name, run.send(request));
    }
    await keep(
      'another run’s seal',
      run.send({ sealedApiKey: cipher.reseal(stored, { ...OWNER, workflowId: 'x' }) }),
    );
    await keep('no database', run.load());
    await keep('damaged ciphertext', run.decrypt());
  } finally {
    provider.close();
    await broken.close();
  }
}
