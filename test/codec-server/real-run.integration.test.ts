import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { execa } from 'execa';
import type { SmsJob } from '../../src/client.js';
import { parsePayloadKeys } from '../../src/encryption/payload-keys.js';
import { writePayload, type PayloadJson } from '../../src/codec-server/payload-json.js';
import { childEnvironment } from '../../tools/servers/isolated-environment.js';
import { findTemporalCli } from '../../tools/servers/temporal-cli.js';
import { fetchHistory } from '../support/run-history.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { sharedTemporal } from '../support/shared-parts.js';
import { payloadsOf, startTestServer, valueOf, type TestServer } from './codec-server-fixture.js';

const TOKEN = 'a-token-of-more-than-32-characters';

/** Every payload below a value, wherever it is: as history holds it, in memory. */
function payloadsIn(value: unknown): Payload[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  if ('metadata' in value && 'data' in value) return [value as Payload];
  return Object.values(value).flatMap(payloadsIn);
}

/** What `workflow show --output json` says: it keeps the payloads in base64. */
function shownBy(stdout: string): string {
  return stdout.replaceAll(/"data": "([^"]*)"/g, (_, data: string) =>
    Buffer.from(data, 'base64').toString('utf8'),
  );
}

describe('the codec server and a real run', () => {
  let fixture: SendFixture;
  let server: TestServer;
  let job: SmsJob;
  let workflowId: string;
  let messageId: string;
  before(async () => {
    fixture = await createSendFixture();
    server = await startTestServer({
      payloadKeys: parsePayloadKeys(fixture.payloadKeys),
      access: { kind: 'token', token: TOKEN },
    });
    job = fixture.job({ metadata: { leadId: 'lead-7' } });
    const sent = await fixture.client.send(job);
    workflowId = sent.workflowId;
    ({ messageId } = await sent.result());
  });
  after(async () => {
    await server.close();
    await fixture.close();
  });

  /** The CLI as an operator uses it. */
  async function cli(endpoint: string, args: readonly string[], token = TOKEN) {
    const { address, namespace } = await sharedTemporal();
    const command = await findTemporalCli(() => undefined);
    return execa(
      command,
      [
        ...args,
        '--address',
        address,
        '--namespace',
        namespace,
        '--codec-endpoint',
        `http://127.0.0.1:${server.port}${endpoint}`,
        '--codec-auth',
        `Bearer ${token}`,
      ],
      { env: childEnvironment(), extendEnv: false, reject: false },
    );
  }

  /** All that the history of a run stores, as the server has it. */
  async function storedPayloads(id: string): Promise<PayloadJson[]> {
    const raw = new Client({ connection: fixture.temporal.connection, namespace: 'default' });
    return payloadsIn(await fetchHistory(raw, id)).map(writePayload);
  }

  const decode = async (payloads: PayloadJson[]) =>
    payloadsOf(await server.post('/decode', { payloads }, { authorization: `Bearer ${TOKEN}` }));

  it('shows job, result and memo in the CLI, with the namespace in the path', async () => {
    const before = (await server.lines(0)).length;
    const { exitCode, stdout, stderr } = await cli('/{namespace}', [
      'workflow',
      'show',
      '--workflow-id',
      workflowId,
      '--output',
      'json',
    ]);
    assert.equal(exitCode, 0, stderr);
    for (const text of [job.recipientPhone, job.message, messageId, 'lead-7'])
      assert.ok(shownBy(stdout).includes(text), `${text} is not shown`);
    assert.ok(!shownBy(stdout).includes(fixture.apiKey));
    const lines = (await server.lines(before + 1)).slice(before);
    assert.ok(lines.every(({ path, namespace }) => path === '/default/decode' && namespace === 'default'));
    assert.ok(lines.every(({ caller, status, left }) => caller === 'token' && status === 200 && left === 0));
  });

  it('shows the message of a failure in the CLI', async () => {
    const failing = await fixture.client.send(fixture.job({ accountId: await fixture.addAccount() }));
    await assert.rejects(failing.result(), { code: 'API_KEY_REQUIRED' });
    const show = ['workflow', 'show', '--detailed', '--workflow-id', failing.workflowId];
    const { exitCode, stdout, stderr } = await cli('', show);
    assert.equal(exitCode, 0, stderr);
    assert.ok(
      stdout.includes('encodedAttributes.message: The account does not exist or has no SMSMobileAPI key.'),
    );
  });

  it('encrypts the input of a run started with the CLI', async () => {
    const typed = fixture.job();
    const id = `by-hand-${randomBytes(8).toString('hex')}`;
    const { exitCode, stderr } = await cli('', [
      'workflow',
      'start',
      '--type',
      'sendSmsWorkflow',
      '--task-queue',
      fixture.taskQueue,
      '--workflow-id',
      id,
      '--input',
      JSON.stringify(typed),
    ]);
    assert.equal(exitCode, 0, stderr);
    const result = (await fixture.temporal.workflow.getHandle(id).result()) as { messageId: string };
    await fixture.simulator.waitForMessage((message) => message.id === result.messageId);
    const [input] = await storedPayloads(id);
    assert.ok(!Buffer.from(input!.data!, 'base64').includes(typed.message));
    assert.equal((valueOf((await decode([input!]))[0]!) as SmsJob).message, typed.message);
  });

  it('shows nothing in the CLI without the right token', async () => {
    const before = (await server.lines(0)).length;
    const { exitCode, stdout } = await cli('', ['workflow', 'describe', '-w', workflowId], 'wrong');
    assert.notEqual(exitCode, 0);
    assert.ok(!stdout.includes(messageId));
    // The CLI itself says "context deadline exceeded" only.
    const lines = (await server.lines(before + 1)).slice(before);
    assert.ok(lines.every(({ status, reason }) => status === 401 && reason === 'wrong token'));
  });

  it('cannot show the API key, which stays sealed or encrypted in the history', async () => {
    const stored = await storedPayloads(workflowId);
    const decoded = await decode(stored);
    assert.equal(decoded.length, stored.length);
    const line = (await server.lines(1)).at(-1)!;
    assert.ok(Number(line['decoded']) >= 6, JSON.stringify(line));
    assert.equal(line['left'], 0);

    const text = decoded.map(({ data = '' }) => Buffer.from(data, 'base64').toString('utf8')).join('\n');
    // It is all there, but for what no one may see.
    for (const shown of [job.recipientPhone, job.message, messageId]) assert.ok(text.includes(shown), shown);
    for (const secret of [
      fixture.apiKey,
      fixture.encryptionKey,
      Buffer.from(fixture.apiKey).toString('base64'),
    ])
      assert.ok(!text.includes(secret));
    const sealed = [...text.matchAll(/"sealedApiKey":"([^"]*)"/g)].map(([, value]) => value!);
    assert.ok(sealed.length >= 2, 'result of decryptApiKey, input of sendSms');
    for (const value of sealed) {
      assert.match(value, /^v1\.[A-Za-z0-9_-]+$/);
      assert.ok(!Buffer.from(value.slice(3), 'base64url').includes(fixture.apiKey));
    }
    const encrypted = [...text.matchAll(/"encryptedApiKey":"([^"]*)"/g)].map(([, value]) => value!);
    assert.ok(encrypted.length >= 1, 'result of loadEncryptedApiKey');
    for (const value of encrypted) assert.ok(!Buffer.from(value, 'base64').includes(fixture.apiKey));
    // Neither opens with the payload keys: as payloads of their own they are none.
    const [key] = parsePayloadKeys(fixture.payloadKeys);
    const asPayload = (data: Buffer): PayloadJson => ({
      metadata: {
        encoding: Buffer.from('binary/encrypted').toString('base64'),
        'encryption-key-id': Buffer.from(key.id).toString('base64'),
      },
      data: data.toString('base64'),
    });
    const tried = await decode([
      ...sealed.map((value) => asPayload(Buffer.from(value.slice(3), 'base64url'))),
      ...encrypted.map((value) => asPayload(Buffer.from(value, 'base64'))),
    ]);
    for (const payload of tried)
      assert.match((valueOf(payload) as { message: string }).message, /^Not decrypted/);
  });

  it('says in the CLI which key is missing, and shows the rest', async () => {
    const stranger = await startTestServer({
      payloadKeys: parsePayloadKeys(`other:${randomBytes(32).toString('hex')}`),
    });
    try {
      const { address, namespace } = await sharedTemporal();
      const { stdout, exitCode } = await execa(
        await findTemporalCli(() => undefined),
        [
          'workflow',
          'show',
          '--workflow-id',
          workflowId,
          '--output',
          'json',
          '--address',
          address,
          '--namespace',
          namespace,
          '--codec-endpoint',
          `http://127.0.0.1:${stranger.port}`,
        ],
        { env: childEnvironment(), extendEnv: false },
      );
      assert.equal(exitCode, 0);
      assert.match(shownBy(stdout), /Not decrypted.*key \\"test\\", which SMS_PAYLOAD_KEYS lacks/);
      assert.ok(shownBy(stdout).includes('lead-7'));
      assert.ok(!shownBy(stdout).includes(job.message));
    } finally {
      await stranger.close();
    }
  });
});
