import assert from 'node:assert/strict';
import { askLog, KEY, readLog, send, useSimulator } from './simulator-fixture.js';

describe('simulator: inbox page', () => {
  const simulator = useSimulator();

  const open = async (query = '') => (await fetch(`${simulator().url}/${query}`)).text();
  const bubbles = (page: string) =>
    [...page.matchAll(/<p class="bubble"[^>]*>([^<]*)<\/p>/g)].map(([, text]) => text);
  const receive = async (recipients: string, message: string) => {
    await send(simulator(), { recipients, message });
    await simulator().waitForMessage(({ text }) => text === message);
  };

  it('explains how to send a first message, with its own address and without the key', async () => {
    const page = await open();
    assert.match(page, /No messages yet/);
    assert.ok(page.includes(`curl ${simulator().url}/sendsms/`));
    assert.ok(!page.includes(KEY));
  });

  it('shows messages newest first, and phones as threads', async () => {
    await receive('+33639980001', 'first');
    await receive('+33639980002', 'second');
    await receive('+33639980001', 'third');
    assert.deepEqual(bubbles(await open()), ['third', 'second', 'first']);
    assert.deepEqual(bubbles(await open('?to=%2B33639980001')), ['third', 'first']);
    const page = await open();
    assert.ok(page.indexOf('thread-+33639980001') < page.indexOf('thread-+33639980002'));
    assert.match(page, /3 messages/);
    assert.match(page, /from Phone 1/);
  });

  it('escapes what people typed', async () => {
    const text = `<script>alert("1")</script><img src=x onerror='alert(2)'>`;
    await receive('+33639980001', text);
    for (const query of [
      '',
      '?to=%2B33639980001',
      `?to=${encodeURIComponent(text)}`,
      `?q=${encodeURIComponent(text)}`,
    ]) {
      const page = await open(query);
      assert.ok(!page.includes('<script>alert'), query);
      assert.ok(!page.includes('<img src=x'), query);
    }
    assert.ok((await open()).includes('&#60;script&#62;alert(&#34;1&#34;)'));
  });

  it('searches texts, numbers in national form, and message ids', async () => {
    await receive('+33639980001', 'Red bike');
    await receive('+33639980042', 'Blue car');
    const id = simulator().messages()[0]?.id ?? '';
    assert.deepEqual(bubbles(await open('?q=BIKE')), ['Red bike']);
    assert.deepEqual(bubbles(await open('?q=06+39+98+00+42')), ['Blue car']);
    assert.deepEqual(bubbles(await open(`?q=${id.slice(0, 12)}`)), ['Red bike']);
    assert.match(await open('?q=nothing-like-it'), /No match for/);
  });

  it('shows replies among the messages, newest first, and names as threads', async () => {
    await receive('+33639980001', 'first');
    simulator().receive({ from: '+33639980001', message: 'STOP <b>merci</b>' });
    simulator().receive({ from: 'MPESA', message: 'Confirmed' });
    assert.deepEqual(bubbles(await open('?to=%2B33639980001')), [
      'STOP &#60;b&#62;merci&#60;/b&#62;',
      'first',
    ]);
    assert.deepEqual(bubbles(await open('?to=MPESA')), ['Confirmed']);
    const page = await open();
    assert.equal(bubbles(page).length, 3);
    assert.match(page, /class="message reply"/);
    assert.match(page, /reply to Phone 1/);
    assert.match(page, /↩ STOP/);
    assert.deepEqual(bubbles(await open('?q=mpesa')), ['Confirmed']);
  });

  it('offers a reply from one number, and none from all', async () => {
    await receive('+33639980001', 'first');
    const page = await open('?to=%2B33639980001');
    assert.match(page, /<form id="reply"[^>]*data-from="&#43;33639980001"|data-from="\+33639980001"/);
    assert.match(page, /aria-label="Reply from \+33 6 39 98 00 01"/);
    assert.doesNotMatch(await open(), /<form id="reply"/);
    assert.match(await open('?to=%22%3E%3Cb%3E'), /data-from="&#34;&#62;&#60;b&#62;"/);
  });

  it('counts the reads of each list', async () => {
    assert.doesNotMatch(await open(), /Lists read/);
    await readLog(simulator());
    simulator().setFaults({ kind: 'log-503' });
    await askLog(simulator());
    assert.match(await open(), /Sent messages, 2×[^]*log-503/);
  });

  it('shows the faults in force and the outcome of the last requests', async () => {
    simulator().setFaults({ kind: 'http-503', times: 2, recorded: true });
    await send(simulator());
    const page = await open();
    assert.match(page, /next 1/);
    assert.match(page, /http-503, recorded/);
  });

  it('allows no script but its own, and no frame', async () => {
    const { headers } = await fetch(`${simulator().url}/`);
    const policy = headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'self'/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.ok(!policy.includes('unsafe'));
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
  });

  it('loads nothing from elsewhere', async () => {
    const page = await open();
    const assets = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '');
    assert.ok(assets.length >= 4);
    for (const path of assets) assert.equal((await fetch(`${simulator().url}${path}`)).status, 200, path);
    assert.doesNotMatch(page, /(?:src|href)="(?:https?:)?\/\//);
    assert.doesNotMatch(page, / style="| on\w+="/);
  });
});
