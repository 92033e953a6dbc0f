import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { isolateEnvironment } from '../tools/servers/isolated-environment.js';
import { startBrowser } from '../test/support/browser.js';
import { startOpenCodecServer } from '../test/support/open-codec-server.js';
import { createSendFixture } from '../test/support/send-fixture.js';
import { startFaultySend } from '../test/support/started-sends.js';
import { cleanUpAtEnd } from '../test/support/scratch.js';
import { sharedTemporal } from '../test/support/shared-parts.js';
import { statusIs } from '../test/support/started-sends.js';
import { openWebUi } from '../test/support/web-ui.js';
import { shootExampleApp } from './screenshots/shoot-example-app.js';

/**
 * Takes the documents' pictures: in the Web UI a send without and with the codec server, and a held
 * one; the example web app. With the argument `example`, only the pictures of the app.
 */
isolateEnvironment();
const directory = fileURLToPath(new URL('../docs/images/', import.meta.url));
await mkdir(directory, { recursive: true });
const browser = await startBrowser();
if (browser === undefined) process.exit(1);
try {
  if (process.argv[2] !== 'example') await shootWebUi(browser);
  await shootExampleApp(browser, directory);
} finally {
  await browser.close();
  await cleanUpAtEnd.run();
}

async function shootWebUi(browser: Browser): Promise<void> {
  const { uiUrl = '' } = await sharedTemporal();
  const fixture = await createSendFixture();
  const codecServer = await startOpenCodecServer(fixture.payloadKeys, uiUrl);
  const ui = await openWebUi(browser, uiUrl);
  const shot = (name: string) => ui.page.screenshot({ path: `${directory}${name}.png` });

  const metadata = { huntId: 'hunt-7', adId: 'ad-1234', leadId: 'lead-42' };
  const message = 'Bonjour, votre annonce m’intéresse. Est-elle toujours disponible ?';
  const sent = await fixture.client.send(fixture.job({ metadata, message }));
  const { messageId } = await sent.result();
  await ui.list('SmsHuntId="hunt-7"');
  await ui.open(sent.workflowId);
  await ui.shows('YmluYXJ5L2VuY3J5cHRlZA==');
  await shot('web-ui-encrypted');
  await ui.useCodecServer(`http://127.0.0.1:${codecServer.port}`);
  await ui.shows(messageId);
  await shot('web-ui-decoded');

  const held = await startFaultySend(
    {
      ...fixture,
      job: (changes) => fixture.job({ metadata: { ...metadata, leadId: 'lead-43' }, ...changes }),
    },
    { kind: 'http-500', recorded: false },
    { onUnknown: 'hold', unknownChecksMs: [1_000] },
  );
  await statusIs(fixture, held.workflowId, 'held');
  await ui.list('SmsStatus="held"');
  await ui.open(held.workflowId);
  await ui.tab('User Metadata');
  await ui.shows('Held:');
  await ui.shows('SMS to lead lead-43');
  await shot('web-ui-held');
  await fixture.client.resolve(held.workflowId, { abandon: true });
  await codecServer.close();
  await fixture.close();
}
