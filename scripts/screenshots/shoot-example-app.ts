import type { Browser } from 'playwright-core';
import { openApp, sendTo } from '../../test/examples/app-in-browser.js';

const GREETING = 'Bonjour, votre annonce m’intéresse. Est-elle toujours disponible ?';

/** Takes pictures of the example app: the leads in daylight, a lead on a phone at night. */
export async function shootExampleApp(browser: Browser, directory: string): Promise<void> {
  const world = await openApp(browser);
  try {
    const { simulator } = world.fixture;
    const { page } = await world.signIn('Camille');
    simulator.addFaults({ kind: 'http-500', recorded: false, number: '+33639981043', times: 1 });
    for (const [leadId, words] of [
      ['lead-41', 'The provider has accepted the message'],
      ['lead-43', 'Needs a decision'],
    ] as const) {
      await sendTo(page, leadId, GREETING);
      await page.getByText(words).first().waitFor();
    }
    const [phone] = simulator.accounts[0]?.phones ?? [];
    if (phone !== undefined) simulator.setPhone(phone.id, { online: false });
    await sendTo(page, 'lead-42', GREETING);
    await page.getByText(/Request \d+ follows at/).waitFor();
    await page.goto('/');
    await page.getByText(/Request \d+ follows at/).waitFor();
    await page.getByText('Needs a decision').waitFor();
    await page.setViewportSize({ width: 1000, height: 640 });
    await page.screenshot({ path: `${directory}web-app.png` });
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 390, height: 700 });
    await page.goto('/leads/lead-42');
    await page.getByText(/Request \d+ follows at/).waitFor();
    await page.getByLabel('Message to').fill('Bonjour, je peux passer samedi matin.');
    await page.getByLabel('Message to').blur();
    await page.evaluate('scrollTo(0, 0)');
    await page.screenshot({ path: `${directory}web-app-phone.png` });
  } finally {
    await world.close();
  }
}
