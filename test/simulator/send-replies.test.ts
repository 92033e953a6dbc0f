import assert from 'node:assert/strict';
import { KEY, readLog, send, sendAndRead, until, useSimulator } from './simulator-fixture.js';

describe('simulator: replies to a send', () => {
  const simulator = useSimulator({
    apiKeys: [
      {
        key: KEY,
        label: 'tests',
        phones: [
          { id: 'p1', label: 'Desk' },
          { id: 'p2', label: 'Van' },
        ],
      },
      { key: 'another-key-9876543210', label: 'another' },
    ],
  });

  it('accepts a message with every published field', async () => {
    const { status, body } = await sendAndRead(simulator());
    assert.equal(status, 200);
    assert.deepEqual(Object.keys(body.result), [
      'error',
      'sent',
      'id',
      'note',
      'datetime',
      'port',
      'send_with_whatsapp',
    ]);
    const { error, sent, id, port, send_with_whatsapp: whatsApp } = body.result;
    assert.deepEqual({ error, sent, port, whatsApp }, { error: 0, sent: '1', port: null, whatsApp: '0' });
    assert.match(String(id), /^[0-9a-f]{40}$/);
  });

  it('delivers an accepted message to the recipient', async () => {
    const text = 'Ça va ? 1 + 1 = 2 & <b>\n€ 🙂';
    const { body } = await sendAndRead(simulator(), { message: text });
    const message = await simulator().waitForMessage();
    assert.equal(message.id, body.result['id']);
    assert.equal(message.text, text);
    assert.equal(message.recipient, '+33639980001');
    assert.equal(message.accountLabel, 'tests');
    assert.equal(new Date(message.at).toISOString(), message.at);
    assert.ok(!JSON.stringify(message).includes(KEY));
  });

  it('sends from the first phone unless sIdentifiant names another', async () => {
    await send(simulator());
    await send(simulator(), { sIdentifiant: 'p2' });
    await until('two messages', () => simulator().messages().length === 2);
    const phones = simulator()
      .messages()
      .map(({ sendingPhoneId, sendingPhoneLabel }) => `${sendingPhoneId} ${sendingPhoneLabel}`);
    assert.deepEqual(phones, ['p1 Desk', 'p2 Van']);
  });

  it('answers an unknown sIdentifiant with an application error without id', async () => {
    const { status, body } = await sendAndRead(simulator(), { sIdentifiant: 'nobody' });
    assert.equal(status, 200);
    assert.equal(body.result['error'], 'mobile_not_found');
    assert.equal(body.result['sent'], 'no');
    assert.ok(!('id' in body.result));
  });

  it('honours the SIM slot', async () => {
    const { body } = await sendAndRead(simulator(), { port: '2' });
    assert.equal(body.result['port'], '2');
    assert.equal((await simulator().waitForMessage()).simSlot, 2);
  });

  it('echoes sendwa in send_with_whatsapp', async () => {
    const { body } = await sendAndRead(simulator(), { sendwa: '1' });
    assert.equal(body.result['send_with_whatsapp'], '1');
  });

  for (const name of ['apikey', 'recipients', 'message']) {
    it(`answers 400 when ${name} is missing`, async () => {
      const { status, body } = await sendAndRead(simulator(), { [name]: undefined });
      assert.equal(status, 400);
      assert.equal(body.error, 'missing_parameter');
      assert.match(String(body.message), new RegExp(name));
    });
  }

  for (const [name, value] of [
    ['recipients', '0639980001'],
    ['recipients', '+33639980001,+33639980002'],
    ['port', '3'],
    ['sendsms', 'yes'],
    ['schedule_timestamp', 'tomorrow'],
  ] as const) {
    it(`answers 400 to ${name}=${value}`, async () => {
      const { status, body } = await sendAndRead(simulator(), { [name]: value });
      assert.equal(status, 400);
      assert.equal(body.error, 'invalid_parameter');
    });
  }

  it('reads a plus that is not percent-encoded as a space', async () => {
    const response = await send(
      simulator(),
      {},
      {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `apikey=${KEY}&recipients=+33639980001&message=Hello`,
      },
    );
    assert.equal(response.status, 400);
  });

  it('answers 403 to an unknown key', async () => {
    const { status, body } = await sendAndRead(simulator(), { apikey: 'wrong' });
    assert.equal(status, 403);
    assert.equal(body.error, 'forbidden');
    assert.equal(typeof body.message, 'string');
  });

  it('does not read a JSON body', async () => {
    const response = await send(
      simulator(),
      {},
      {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ apikey: KEY, recipients: '+33639980001', message: 'Hello' }),
      },
    );
    assert.equal(response.status, 400);
    assert.equal(simulator().messages().length, 0);
  });

  it('takes a GET with the key in the URL and keeps the query out of requests()', async () => {
    const query = new URLSearchParams({ apikey: KEY, recipients: '+33639980001', message: 'By GET' });
    const response = await fetch(`${simulator().url}/sendsms/?${query.toString()}`);
    assert.equal(response.status, 200);
    assert.equal((await simulator().waitForMessage()).text, 'By GET');
    assert.ok(!JSON.stringify(simulator().requests()).includes(KEY));
    assert.equal(simulator().requests()[0]?.path, '/sendsms/');
  });

  it('does not answer without the trailing slash', async () => {
    const response = await fetch(`${simulator().url}/sendsms`, { method: 'POST' });
    assert.equal(response.status, 404);
    assert.equal(simulator().requestCount(), 0);
  });

  it('keeps a scheduled message until its time', async () => {
    const inAnHour = String(Math.floor(Date.now() / 1_000) + 3_600);
    await send(simulator(), { schedule_timestamp: inAnHour });
    await send(simulator(), { message: 'now' });
    await simulator().waitForMessage(({ text }) => text === 'now');
    assert.equal(simulator().messages().length, 1);
    assert.equal((await readLog(simulator()))[1]?.['send_from_mobile'], '');
  });

  it('notes requests with the key replaced by its label', async () => {
    await send(simulator(), {}, { headers: { 'x-leak': `Bearer ${KEY}` } });
    await send(simulator(), { apikey: 'some-unknown-key', message: 'some-unknown-key' });
    const [known, unknown] = simulator().requests();
    assert.equal(simulator().requestCount(), 2);
    assert.equal(known?.method, 'POST');
    assert.deepEqual(known.fields, { apikey: 'tests', recipients: '+33639980001', message: 'Hello' });
    assert.equal(known.headers['x-leak'], 'Bearer (key tests)');
    assert.equal(known.outcome, 'accepted');
    assert.equal(unknown?.fields['apikey'], '(unknown key)');
    assert.equal(unknown.outcome, '403');
    assert.ok(!/key-of-the-tests|some-unknown-key/.test(JSON.stringify(simulator().requests())));
  });

  it('keeps the accounts apart in the list of sent messages', async () => {
    await send(simulator(), { apikey: 'another-key-9876543210' });
    assert.deepEqual(await readLog(simulator()), []);
    assert.equal((await readLog(simulator(), { apikey: 'another-key-9876543210' })).length, 1);
  });

  it('lists the phones of an account', async () => {
    const response = await fetch(`${simulator().url}/gateway/mobile/list/?apikey=${KEY}`);
    const { result } = (await response.json()) as { result: { mobiles: { sid: string }[] } };
    assert.deepEqual(
      result.mobiles.map(({ sid }) => sid),
      ['p1', 'p2'],
    );
  });
});
