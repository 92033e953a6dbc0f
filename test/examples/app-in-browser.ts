import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startApp, type ExampleApp } from '../../tools/example/start-app.js';
import { freePort } from '../../tools/servers/free-port.js';
import { startOwnTemporal, type OwnTemporal } from '../support/own-temporal.js';
import { sharedGuard } from '../support/scratch.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { ensureAppPrepared } from './ensure-app-prepared.js';

/** The people of the demo. */
export type Person = 'Camille' | 'Inès' | 'Noah';

/** Someone who is signed in, in a browser of his own. */
export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Everything but streams that the server has sent him, one text for each answer. */
  readonly received: string[];
}

/** The example app with all its parts, and a browser. */
export interface AppInBrowser {
  readonly app: ExampleApp;
  readonly fixture: SendFixture;
  readonly temporal: OwnTemporal;
  readonly signIn: (person: Person, options?: { colorScheme?: 'light' | 'dark' }) => Promise<Visitor>;
  readonly close: () => Promise<void>;
}

/** The machines are slow and shared. */
const TIMEOUT_MS = 60_000;

/** Starts it all, for this browser. */
export async function openApp(browser: Browser): Promise<AppInBrowser> {
  await ensureAppPrepared();
  const temporal = await startOwnTemporal();
  const otherKey = `other-${'k'.repeat(20)}`;
  const fixture = await createSendFixture({ temporal, otherApiKeys: [otherKey] });
  const { databaseUrl, payloadKeys, taskQueue, accountId } = fixture;
  const app = await startApp({
    guard: await sharedGuard(),
    port: await freePort(),
    parts: {
      databaseUrl,
      payloadKeys,
      taskQueue,
      temporalAddress: temporal.address,
      accountIds: [accountId, await fixture.addAccount(otherKey)],
    },
  });
  return {
    app,
    fixture,
    temporal,
    signIn: (person, options) => signIn(browser, app.url, person, options),
    async close() {
      await app.stop();
      await fixture.close();
      await temporal.close();
    },
  };
}

async function signIn(
  browser: Browser,
  url: string,
  person: Person,
  { colorScheme = 'light' }: { colorScheme?: 'light' | 'dark' } = {},
): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL: url,
    colorScheme,
    viewport: { width: 1100, height: 800 },
  });
  const page = await context.newPage();
  page.setDefaultTimeout(TIMEOUT_MS);
  page.setDefaultNavigationTimeout(TIMEOUT_MS);
  const received: string[] = [];
  page.on('response', (response) => {
    if (response.url().includes('/api/states')) return;
    // A redirect has no body, and one that is given up has none either.
    void response.text().then(
      (text) => received.push(text),
      () => undefined,
    );
  });
  await page.goto('/sign-in');
  await page.getByRole('button', { name: person }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  return { page, context, received };
}

/** Writes to a lead and sends it. */
export async function sendTo(page: Page, leadId: string, text: string): Promise<void> {
  await page.goto(`/leads/${leadId}`);
  await page.getByLabel('Message to').fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
}

const AXE = fileURLToPath(import.meta.resolve('axe-core/axe.min.js'));

/** What axe finds wrong with a page, in a line each. */
export async function findFaults(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: AXE });
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
