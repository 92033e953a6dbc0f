import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { Browser } from 'playwright-core';
import type { SmsJob } from '../../src/client.js';
import { parsePayloadKeys } from '../../src/encryption/payload-keys.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { startBrowser } from '../support/browser.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { sharedTemporal } from '../support/shared-parts.js';
import { startTestServer, type TestServer } from './codec-server-fixture.js';

describe('the codec server and the Web UI', () => {
  let fixture: SendFixture;
  let browser: Browser | undefined;
  let uiUrl: string;
  let job: SmsJob;
  let workflowId: string;
  const servers: TestServer[] = [];
  before(async function () {
    browser = await startBrowser();
    if (browser === undefined) this.skip();
    fixture = await createSendFixture();
    ({ uiUrl = '' } = await sharedTemporal());
    job = fixture.job();
    const sent = await fixture.client.send(job);
    workflowId = sent.workflowId;
    await sent.result();
  });
  after(async () => {
    if (browser === undefined) return;
    await browser.close();
    for (const server of servers) await server.close();
    await fixture.close();
  });

  /** The run's page with this codec server, once it shows `text`. */
  async function openRun(server: TestServer, text: string): Promise<string> {
    servers.push(server);
    assert.ok(browser);
    const page = await browser.newPage();
    await page.addInitScript(`
      localStorage.setItem('endpoint', JSON.stringify('http://127.0.0.1:${server.port}'));
      localStorage.setItem('overrideRemoteCodecConfiguration', 'true');
    `);
    await page.goto(`${uiUrl}/namespaces/default/workflows/${workflowId}`);
    return waitUntil(`the page to show ${text}`, async () => {
      const shown = await page.innerText('body');
      return shown.includes(text) && shown;
    });
  }

  it('shows the job', async () => {
    const payloadKeys = parsePayloadKeys(fixture.payloadKeys);
    const server = await startTestServer({ payloadKeys, origins: [uiUrl] });
    const shown = await openRun(server, job.message);
    assert.ok(shown.includes(job.recipientPhone));
    assert.ok(!shown.includes(fixture.apiKey));
    const lines = await server.lines(1);
    assert.ok(lines.every(({ status }) => status === 200 || status === 204));
    assert.ok(lines.some(({ namespace, origin }) => namespace === 'default' && origin === uiUrl));
  });

  it('shows the missing key in place of the job', async () => {
    const payloadKeys = parsePayloadKeys(`other:${randomBytes(32).toString('hex')}`);
    const server = await startTestServer({ payloadKeys, origins: [uiUrl] });
    const shown = await openRun(server, 'Not decrypted. A payload is encrypted with the key');
    assert.match(shown, /\\"test\\", which SMS_PAYLOAD_KEYS lacks here: add it\./);
    assert.ok(!shown.includes(job.message));
  });

  it('shows nothing when its origin is not allowed', async () => {
    const payloadKeys = parsePayloadKeys(fixture.payloadKeys);
    const server = await startTestServer({ payloadKeys, origins: ['https://other.example'] });
    const shown = await openRun(server, 'Codec Server could not connect');
    assert.ok(!shown.includes(job.message));
    assert.ok((await server.lines(1)).every(({ status }) => status === 403));
  });
});
