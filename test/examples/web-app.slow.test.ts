import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { startBrowser } from '../support/browser.js';
import { findFaults, openApp, sendTo, type AppInBrowser, type Visitor } from './app-in-browser.js';

/** The leads of the demo, each used by one test. */
const NUMBERS = {
  sent: '+33639981041',
  offline: '+33639981042',
  held: '+33639981043',
  once: '+33639981044',
  stopped: '+33639981051',
  late: '+33639981052',
} as const;

const SENT = 'The phone has sent the message.';

describe('the example web app', function () {
  this.timeout(120_000);
  let browser: Browser | undefined;
  let world: AppInBrowser;
  let camille: Visitor;
  let page: Page;
  /** A send of Camille's account that the app has not started. */
  let workflowId: string;
  before(async function () {
    // npm ci and next build, where they were not done before.
    this.timeout(900_000);
    browser = await startBrowser('to try the example app as people do');
    if (browser === undefined) {
      this.skip();
      return;
    }
    world = await openApp(browser);
    const { client, job } = world.fixture;
    ({ workflowId } = await client.send(job({ metadata: { leadId: 'lead-99' } })));
    camille = await world.signIn('Camille');
    page = camille.page;
  });
  after(async function () {
    this.timeout(60_000);
    if (browser === undefined) return;
    await browser.close();
    // Not there if it did not start.
    await (world as AppInBrowser | undefined)?.close();
  });

  const text = () => `Bonjour, est-elle encore là ? ${randomUUID()}`;
  const received = (number: string) =>
    world.fixture.simulator.messages().filter(({ recipient }) => recipient === number);
  const sees = (words: string | RegExp, where: Page = page) => where.getByText(words).first().waitFor();

  it('counts the segments while one writes, sends, and shows accepted, then sent', async () => {
    await page.goto('/leads/lead-41');
    const message = text();
    await page.getByLabel('Message to').fill('abc');
    await sees('1 SMS, 157 characters left');
    await page.getByLabel('Message to').fill(`${'a'.repeat(100)}…`);
    await sees('2 SMS');
    await page.getByLabel('Message to').fill(message);
    const { simulator } = world.fixture;
    simulator.addFaults({ kind: 'phone-late', phoneDelayMs: 4_000, number: NUMBERS.sent, times: 1 });
    await page.getByRole('button', { name: 'Send' }).click();
    await sees(/^SMSMobileAPI accepted the message\./);
    await page.getByText('Accepted', { exact: true }).first().waitFor();
    await sees(SENT);
    assert.deepEqual(
      received(NUMBERS.sent).map((sms) => sms.text),
      [message],
    );
    await page.getByRole('heading', { name: 'Write again' }).waitFor();
    await page.getByRole('link', { name: 'send to lead-41' }).waitFor();
    await page.goto('/');
    await page.getByRole('row', { name: /Manon/ }).getByText('Sent', { exact: true }).waitFor();
  });

  it('shows why a message waits while the phone is offline, and that it went once it is back', async () => {
    const { simulator } = world.fixture;
    const [account] = simulator.accounts;
    const [phone] = account!.phones;
    simulator.setPhone(phone.id, { online: false });
    await sendTo(page, 'lead-42', text());
    await sees(/offline/);
    await sees(/Request \d+ follows at/);
    simulator.setPhone(phone.id, { online: true });
    await sees(SENT);
    assert.equal(received(NUMBERS.offline).length, 1);
  });

  it('lets an operator decide about a held send, who sees neither number nor text', async () => {
    const { simulator, payloadKeys, apiKey, encryptionKey } = world.fixture;
    simulator.addFaults({ kind: 'http-500', recorded: false, number: NUMBERS.held, times: 1 });
    const message = text();
    await sendTo(page, 'lead-43', message);
    await sees('Needs a decision');
    assert.equal(await page.getByRole('heading', { name: 'Was it sent?' }).count(), 0);
    const ines = await world.signIn('Inès', { colorScheme: 'dark' });
    await ines.page.getByRole('link', { name: /lead-43/ }).click();
    await ines.page.getByRole('heading', { name: 'Was it sent?' }).waitFor();
    assert.deepEqual(await findFaults(ines.page), []);
    await ines.page.getByRole('button', { name: 'It was sent' }).click();
    await sees('Enter the message id that the provider shows.', ines.page);
    await ines.page.getByRole('button', { name: 'Send it again' }).click();
    await sees(SENT, ines.page);
    await sees(SENT);
    assert.equal(received(NUMBERS.held).length, 1);
    await ines.page.goto('/held');
    await sees('Nothing to decide.', ines.page);
    assert.equal((await ines.page.goto('/leads/lead-43'))?.status(), 404);
    assert.ok(ines.received.length > 5);
    for (const secret of ['998104', message, payloadKeys.slice(-64), apiKey, encryptionKey]) {
      assert.ok(!ines.received.some((answer) => answer.includes(secret)), secret);
    }
    await ines.context.close();
  });

  it('sends one SMS for a double click, a repeated action, a reload, old forms and the back button', async () => {
    const message = text();
    const [one, other] = [await camille.context.newPage(), await camille.context.newPage()];
    for (const tab of [one, other]) await tab.goto('/leads/lead-44');
    await page.goto('/leads/lead-44');
    await page.getByLabel('Message to').fill(message);
    const posted = page.waitForRequest((request) => request.method() === 'POST');
    await page.getByRole('button', { name: 'Send' }).dblclick();
    const action = await posted;
    await sees(SENT);
    const again = await camille.context.request.fetch(action.url(), {
      method: 'POST',
      headers: await action.allHeaders(),
      data: action.postDataBuffer()!,
    });
    assert.ok(again.status() < 400);
    await page.reload();
    await page.getByRole('heading', { name: 'Write again' }).waitFor();
    await page.goto('/');
    await page.goBack();
    await page.getByRole('heading', { name: 'Write again' }).waitFor();
    assert.equal(await page.getByLabel('Message to').inputValue(), '');
    // The form that was open before still is the one for the first message.
    await one.getByLabel('Message to').fill(message);
    await one.getByRole('button', { name: 'Send' }).click();
    await one.getByRole('heading', { name: 'Write again' }).waitFor();
    await other.getByLabel('Message to').fill(text());
    await other.getByRole('button', { name: 'Send' }).click();
    await sees(/Another message was sent from this form/, other);
    assert.equal(received(NUMBERS.once).length, 1);
    for (const tab of [one, other]) await tab.close();
  });

  it('says that Temporal does not answer, and recovers by itself', async () => {
    const { simulator } = world.fixture;
    const { server } = world.temporal;
    simulator.addFaults({ kind: 'http-429', retryAfterSeconds: 15, number: NUMBERS.stopped, times: 1 });
    await sendTo(page, 'lead-51', text());
    await sees(/Request \d+ follows at/);
    const late = await camille.context.newPage();
    await late.goto('/leads/lead-52');
    await server.kill();
    await sees(/Temporal does not answer\. Messages are safe/);
    await late.getByLabel('Message to').fill('Bonjour');
    await late.getByRole('button', { name: 'Send' }).click();
    await sees(/Temporal does not answer\. Press Send again/, late);
    await server.start();
    await waitUntil('the page to recover', async () => {
      return (await page.getByText(/Temporal does not answer/).count()) === 0;
    });
    await late.getByRole('button', { name: 'Send' }).click();
    await sees(SENT, late);
    await sees(SENT);
    assert.deepEqual([received(NUMBERS.stopped).length, received(NUMBERS.late).length], [1, 1]);
    await late.close();
  });

  it('has nothing for another account, nor for a visitor who is not signed in', async () => {
    const noah = await world.signIn('Noah');
    const [send, states] = [`/sends/${workflowId}`, `/api/states?id=${workflowId}`];
    for (const path of [send, states, '/leads/lead-41', '/held']) {
      assert.equal((await noah.context.request.get(path)).status(), 404, path);
    }
    assert.equal((await camille.context.request.get(send)).status(), 200);
    const [cookie] = await noah.context.cookies();
    const forged = cookie!.value.replace(/^noah/, 'camille');
    for (const value of ['', forged]) {
      await noah.context.clearCookies();
      if (value !== '') await noah.context.addCookies([{ ...cookie!, value }]);
      assert.equal((await noah.context.request.get(states)).status(), 401);
      assert.match((await noah.context.request.get('/')).url(), /\/sign-in$/);
    }
    await noah.context.close();
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`has no fault that axe finds, ${colorScheme}`, async () => {
      await page.emulateMedia({ colorScheme });
      for (const [path, heading] of [
        ['/sign-in', 'Sign in'],
        ['/', 'Leads'],
        ['/leads/lead-41', 'Manon Lefèvre'],
        [`/sends/${workflowId}`, 'Send to lead-99'],
        ['/nowhere', 'Not found'],
      ] as const) {
        await page.goto(path);
        await page.getByRole('heading', { name: heading, exact: true }).waitFor();
        assert.deepEqual(await findFaults(page), [], path);
      }
    });
  }

  it('sends no text and no key to any page, and numbers only to the page of their lead', async () => {
    const { payloadKeys, apiKey, encryptionKey } = world.fixture;
    const { received: answers } = camille;
    await waitUntil('answers', () => answers.length > 10);
    for (const secret of ['est-elle encore là', payloadKeys.slice(-64), apiKey, encryptionKey]) {
      assert.ok(!answers.some((answer) => answer.includes(secret)), secret);
    }
    for (const answer of answers.filter((each) => each.includes('998104')))
      assert.match(answer, /Message to|leadId/);
    const list = await (await camille.context.request.get('/')).text();
    assert.match(list, /Manon/);
    assert.doesNotMatch(list, /6399810/);
  });
});
