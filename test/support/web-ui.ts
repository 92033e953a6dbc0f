import type { Browser, Page } from 'playwright-core';
import { waitUntil } from '../../tools/servers/wait-until.js';

/** What the page shows, with its frames: details are markdown, in a frame of their own. */
async function textOf(page: Page): Promise<string> {
  const texts = await Promise.all(
    page.frames().map((frame) =>
      frame
        .locator('body')
        .innerText({ timeout: 5_000 })
        .catch(() => ''),
    ),
  );
  return texts.join('\n');
}

/** How long a page may take, in milliseconds: the machines are slow and shared. */
const DEFAULT_TIMEOUT_MS = 90_000;

/** Temporal's Web UI, in a browser of its own, as an operator uses it. */
export interface WebUi {
  readonly page: Page;
  /** Lists the runs that a visibility query finds. */
  list(query: string): Promise<void>;
  /** Opens a run from the list. */
  open(workflowId: string): Promise<void>;
  /** Opens one of a run's tabs: Memo, User Metadata … */
  tab(name: string): Promise<void>;
  /** Waits until the page shows this text. */
  shows(text: string): Promise<void>;
  /** All that the page shows now. */
  text(): Promise<string>;
  /** Sets the codec server in the dialog behind the glasses. */
  useCodecServer(url: string): Promise<void>;
}

/** Opens the Web UI at this address. */
export async function openWebUi(browser: Browser, uiUrl: string): Promise<WebUi> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
  page.setDefaultTimeout(DEFAULT_TIMEOUT_MS);
  return {
    page,
    async list(query) {
      await page.goto(`${uiUrl}/namespaces/default/workflows?query=${encodeURIComponent(query)}`);
    },
    async open(workflowId) {
      await page.getByRole('link', { name: workflowId }).first().click();
      await page.getByRole('heading', { name: 'Input' }).waitFor();
    },
    async tab(name) {
      await page
        .getByRole('tab', { name })
        .or(page.getByRole('link', { name, exact: true }))
        .first()
        .click();
    },
    async shows(text) {
      await waitUntil(`the Web UI to show ${text}`, async () => (await textOf(page)).includes(text));
    },
    text: () => textOf(page),
    async useCodecServer(url) {
      await page
        .getByRole('button', { name: /codec|data encoder/i })
        .first()
        .click();
      await page.getByPlaceholder('Paste your endpoint here').fill(url);
      await page.getByRole('button', { name: 'Apply' }).click();
      // What was read before stays as it was.
      await page.reload();
    },
  };
}
