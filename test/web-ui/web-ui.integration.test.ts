import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Browser } from 'playwright-core';
import type { CodecServer } from '../../src/codec-server/start-codec-server.js';
import { startBrowser } from '../support/browser.js';
import { startOpenCodecServer } from '../support/open-codec-server.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { startFaultySend, statusIs } from '../support/started-sends.js';
import { sharedTemporal } from '../support/shared-parts.js';
import { openWebUi, type WebUi } from '../support/web-ui.js';

/** `binary/encrypted` in base64, as the Web UI shows what it cannot read. */
const ENCRYPTED = 'YmluYXJ5L2VuY3J5cHRlZA==';

describe('the Web UI', () => {
  let browser: Browser | undefined;
  let fixture: SendFixture;
  let codecServer: CodecServer;
  let ui: WebUi;

  before(async function () {
    browser = await startBrowser();
    if (browser === undefined) this.skip();
    const { uiUrl = '' } = await sharedTemporal();
    fixture = await createSendFixture();
    codecServer = await startOpenCodecServer(fixture.payloadKeys, uiUrl);
  });
  after(async () => {
    if (browser === undefined) return;
    await browser.close();
    await codecServer.close();
    await fixture.close();
  });
  beforeEach(async () => {
    const { uiUrl = '' } = await sharedTemporal();
    if (browser !== undefined) ui = await openWebUi(browser, uiUrl);
  });

  it('finds a send by its hunt, shows its memo, and shows number and text only through the codec server', async () => {
    const metadata = { huntId: `hunt-${randomUUID()}`, leadId: 'lead-42' };
    const job = fixture.job({ metadata });
    const sent = await fixture.client.send(job);
    const { messageId } = await sent.result();

    await ui.list(`SmsHuntId="${metadata.huntId}"`);
    await ui.open(sent.workflowId);
    await ui.shows(ENCRYPTED);
    for (const secret of [job.recipientPhone, job.message, messageId]) {
      assert.ok(!(await ui.text()).includes(secret), `shows ${secret}`);
    }
    await ui.tab('Memo');
    await ui.shows('lead-42');
    await ui.shows(metadata.huntId);

    await ui.useCodecServer(`http://127.0.0.1:${codecServer.port}`);
    await ui.tab('History');
    await ui.shows(job.recipientPhone);
    await ui.shows(messageId);
    assert.ok((await ui.text()).includes(job.message));
    await ui.tab('User Metadata');
    await ui.shows(`SMS to lead lead-42, hunt ${metadata.huntId}`);
    for (const tab of ['History', 'Memo', 'User Metadata']) {
      await ui.tab(tab);
      assert.ok(!(await ui.text()).includes(fixture.apiKey), `${tab} shows the API key`);
    }
  });

  it('shows why a send is held, and when the next step is due', async () => {
    const { workflowId } = await startFaultySend(
      fixture,
      { kind: 'http-500', recorded: false },
      { onUnknown: 'hold', unknownChecksMs: [1_000] },
    );
    await statusIs(fixture, workflowId, 'held');
    await ui.list(`WorkflowId="${workflowId}" AND SmsStatus="held"`);
    await ui.open(workflowId);
    await ui.useCodecServer(`http://127.0.0.1:${codecServer.port}`);
    await ui.tab('User Metadata');
    await ui.shows(
      'Held: the provider’s sent messages do not show the message, and the job leaves the decision to a person.',
    );
    for (const step of [
      'Request 1: outcome unknown (HTTP 500)',
      'The sent messages do not show it.',
      'Z Held.',
    ]) {
      assert.ok((await ui.text()).includes(step), step);
    }
    assert.match(
      await ui.text(),
      /checks the provider’s sent messages again at \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/,
    );
    await fixture.client.resolve(workflowId, { abandon: true });
  });
});
