import assert from 'node:assert/strict';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../support/browser.js';
import { send, until, useSimulator } from './simulator-fixture.js';

/** What axe finds in the page that it runs in. */
interface AxeWindow {
  axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
}

describe('the reply box of the simulator', () => {
  const simulator = useSimulator();
  let browser: Browser | undefined;
  let page: Page;

  before(async function () {
    browser = await startBrowser();
    if (browser === undefined) this.skip();
  });
  after(async () => {
    await browser?.close();
  });
  beforeEach(async () => {
    if (browser === undefined) return;
    page = await browser.newPage();
    await send(simulator(), { message: 'Bonjour' });
  });
  afterEach(async () => {
    if (browser !== undefined) await page.close();
  });

  const open = async (query = '?to=%2B33639980001') => {
    await page.goto(`${simulator().url}/${query}`);
    await page.waitForSelector('.live.on');
  };
  const bubbles = () => page.locator('#conversation .bubble').allInnerTexts();

  it('sends what was typed with Enter, and shows it in the conversation', async () => {
    await open();
    await page.focus('#reply-text');
    await page.keyboard.type('STOP');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('merci');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.message.reply');
    assert.deepEqual(await bubbles(), ['STOP\nmerci', 'Bonjour']);
    const [reply] = simulator().inbound();
    assert.deepEqual([reply?.from, reply?.text], ['+33639980001', 'STOP\nmerci']);
    assert.equal(await page.inputValue('#reply-text'), '');
    assert.equal(simulator().inbound().length, 1);
  });

  it('sends with the button, which Tab reaches, and not an empty text', async () => {
    await open();
    await page.focus('#reply-text');
    await page.keyboard.press('Enter');
    await page.keyboard.type('Oui');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.waitForSelector('.message.reply');
    assert.deepEqual(
      simulator()
        .inbound()
        .map(({ text }) => text),
      ['Oui'],
    );
  });

  it('keeps text and focus while messages arrive, and loses the text with the number', async () => {
    await open();
    await page.focus('#reply-text');
    await page.keyboard.type('Half a');
    await send(simulator(), { message: 'Another' });
    await page.waitForSelector('text=Another');
    await page.keyboard.type(' sentence');
    assert.equal(await page.inputValue('#reply-text'), 'Half a sentence');
    await page.click('text=All phones');
    await until('the box to be gone', async () => (await page.locator('#reply-text').count()) === 0);
  });

  it('keeps the text and says why when the reply is refused', async () => {
    await open();
    await page.route('**/_control/inbound', (route) =>
      route.fulfill({ status: 400, json: { error: 'invalid_request', message: 'Not now.' } }),
    );
    await page.fill('#reply-text', 'STOP');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#reply-error:has-text("Not now.")');
    assert.equal(await page.inputValue('#reply-text'), 'STOP');
  });

  for (const [name, colorScheme, width] of [
    ['in light', 'light', 1280],
    ['in dark', 'dark', 1280],
    ['on a phone', 'light', 390],
  ] as const) {
    it(`has no fault that axe finds, ${name}`, async () => {
      simulator().receive({ from: '+33639980001', message: 'STOP merci' });
      simulator().receive({ from: 'MPESA', message: 'Confirmed' });
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 760 });
      for (const query of ['', '?to=%2B33639980001', '?to=MPESA']) {
        await open(query);
        await page.evaluate(axe.source);
        const { violations } = await page.evaluate(() => (globalThis as unknown as AxeWindow).axe.run());
        assert.deepEqual(
          violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
          [],
        );
      }
    });
  }
});
