import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { inboxTexts, readInboxOf, type InboxQuestion } from './inbox-server.js';
import { LOG_KEY, sendBody, startLogServer, type LogServer } from './sent-messages-server.js';

const UNIX = Date.UTC(2026, 10, 22, 9, 5, 7) / 1_000;
const SECRET = 'private-Z9Q';

describe('a reading of the inbox', () => {
  let server: LogServer;
  afterEach(() => server.close());

  const serve = async (answer: Parameters<typeof startLogServer>[0]) => {
    server = await startLogServer(answer);
  };
  const read = (question: InboxQuestion = {}) => readInboxOf(server.url, question);
  const rowAt = (at: number, more: object = {}) => ({
    guid: `g-${at}`,
    number: '+33639980001',
    message: `at ${at - UNIX}`,
    timestamp_unix: String(at),
    ...more,
  });
  const inbox = (sms: unknown) => JSON.stringify({ result: { error: null, sms } });

  it('asks with the key and the filters, and no others', async () => {
    await serve((reply) => {
      sendBody(reply, inbox([]));
    });
    await read({ sinceMs: UNIX * 1_000 + 999, phoneId: 'p 1' });
    await read();
    const [first, second] = server.requests;
    assert.deepEqual([first?.method, first?.path], ['GET', '/getsms/']);
    assert.deepEqual(Object.fromEntries(first?.query ?? []), {
      apikey: LOG_KEY,
      after_timestamp_unix: String(UNIX - 1),
      sIdentifiantPhone: 'p 1',
    });
    assert.deepEqual(Object.fromEntries(second?.query ?? []), { apikey: LOG_KEY });
    assert.equal(server.headers[0]?.connection, 'close');
  });

  it('gives every row, in the order of the list, and counts the others', async () => {
    await serve((reply) => {
      sendBody(reply, inbox([rowAt(UNIX + 1), { number: '1' }, null, rowAt(UNIX)]));
    });
    const reading = await read();
    assert.deepEqual(inboxTexts(reading), ['at 1', 'at 0']);
    assert.equal(reading.kind === 'read' && reading.skipped, 2);
    assert.equal(server.requests.length, 1);
  });

  it('is empty when the list is', async () => {
    await serve((reply) => {
      sendBody(reply, inbox([]));
    });
    assert.deepEqual(await read(), { kind: 'read', messages: [], skipped: 0 });
  });

  it('does not count as read when no row can be read', async () => {
    await serve((reply) => {
      sendBody(reply, inbox([{ numero: '1', texte: SECRET }]));
    });
    const reason = 'no row of the inbox can be read';
    assert.deepEqual(await read(), { kind: 'unreadable', code: 'PROVIDER_UNAVAILABLE', reason });
  });

  it('gives a row that comes twice once', async () => {
    await serve((reply) => {
      sendBody(
        reply,
        inbox([rowAt(UNIX), rowAt(UNIX), rowAt(UNIX, { guid: '', id: '' }), rowAt(UNIX, { guid: '' })]),
      );
    });
    assert.deepEqual(inboxTexts(await read()), ['at 0', 'at 0']);
  });

  it('gives different rows of one id all', async () => {
    await serve((reply) => {
      const rows = ['a', 'b', 'a'].map((message) => rowAt(UNIX, { guid: 'the-phone', message }));
      sendBody(reply, inbox(rows));
    });
    const [one, two] = [await read(), await read()];
    assert.deepEqual(inboxTexts(one), ['a', 'b']);
    assert.deepEqual(one, two);
    assert.ok(one.kind === 'read' && new Set(one.messages.map(({ providerId }) => providerId)).size === 2);
  });

  /** A provider that gives at most three rows. */
  const serveCut = (order: 'oldest-first' | 'newest-first', show: (at: number) => object = rowAt) =>
    serve((reply, query) => {
      const after = Number(query.get('after_timestamp_unix') ?? 0);
      const times = Array.from({ length: 9 }, (_, i) => UNIX + i * 10).filter((at) => at > after);
      const rows = order === 'oldest-first' ? times : times.toReversed();
      sendBody(reply, inbox(rows.slice(0, 3).map(show)));
    });

  it('goes on after its newest row where the list may have been cut at its new end', async () => {
    await serveCut('oldest-first');
    const texts = inboxTexts(await read({ sinceMs: UNIX * 1_000 }));
    assert.deepEqual(texts, ['at 0', 'at 10', 'at 20', 'at 30', 'at 40', 'at 50', 'at 60', 'at 70', 'at 80']);
  });

  it('does not go on where the newest row is the first', async () => {
    await serveCut('newest-first');
    assert.deepEqual(inboxTexts(await read()), ['at 80', 'at 70', 'at 60']);
    assert.equal(server.requests.length, 1);
  });

  it('does not go on where no row is dated exactly', async () => {
    await serveCut('oldest-first', (at) => rowAt(at, { timestamp_unix: undefined }));
    assert.equal(inboxTexts(await read()).length, 3);
    assert.equal(server.requests.length, 1);
  });

  it('ends where the filter changes nothing', async () => {
    await serve((reply) => {
      sendBody(reply, inbox([rowAt(UNIX), rowAt(UNIX + 10)]));
    });
    assert.equal(inboxTexts(await read()).length, 2);
    assert.equal(server.requests.length, 2);
  });

  it('cannot be read when it never ends, or a later page cannot', async () => {
    await serve((reply, _query, count) => {
      sendBody(reply, inbox([rowAt(UNIX + count * 10), rowAt(UNIX + count * 10 + 5)]));
    });
    const endless = await read({ limits: { maxPages: 4 } });
    assert.equal(endless.kind === 'unreadable' && endless.reason, 'the inbox has more pages than are read');
    assert.equal(server.requests.length, 4);
    await server.close();
    await serve((reply, _query, count) => {
      if (count === 1) sendBody(reply, inbox([rowAt(UNIX), rowAt(UNIX + 5)]));
      else sendBody(reply, SECRET, 500);
    });
    const broken = await read();
    assert.equal(broken.kind === 'unreadable' && broken.reason, 'the reply was HTTP 500');
  });

  it('cannot be read when the reply is too large', async () => {
    await serve((reply) => {
      sendBody(reply, inbox([rowAt(UNIX, { message: 'x'.repeat(2_000) })]));
    });
    const reading = await read({ limits: { maxPageBytes: 1_000 } });
    assert.equal(reading.kind === 'unreadable' && reading.reason, 'the reply was too large');
  });

  it('follows no redirect', async () => {
    await serve((reply) => {
      reply.writeHead(302, { location: `${server.url}/elsewhere/` }).end();
    });
    const reading = await read();
    assert.equal(reading.kind === 'unreadable' && reading.reason, 'the reply was HTTP 302');
    assert.equal(server.requests.length, 1);
  });

  it('ends when its time is over', async () => {
    await serve(() => undefined);
    const page = await read({ limits: { pageTimeoutMs: 50 } });
    assert.equal(page.kind === 'unreadable' && page.reason, 'no complete reply within the time-out');
    const total = await read({ limits: { totalTimeoutMs: 50 } });
    assert.equal(total.kind === 'unreadable' && total.reason, 'reading the inbox took too long');
  });

  it('ends when aborted, and leaves no listener', async () => {
    await serve(() => undefined);
    const abort = new AbortController();
    const reading = read({ signal: abort.signal });
    await waitUntil('the request to arrive', () => server.requests.length === 1);
    abort.abort();
    const aborted = { kind: 'unreadable', code: 'PROVIDER_UNAVAILABLE', reason: 'the read was aborted' };
    assert.deepEqual(await reading, aborted);
    assert.deepEqual(await read({ signal: abort.signal }), aborted);
    assert.equal(server.requests.length, 1);
    assert.equal(getEventListeners(abort.signal, 'abort').length, 0);
  });

  it('says why no connection stands, without the address', async () => {
    await serve(() => undefined);
    const { url } = server;
    await server.close();
    const reading = await readInboxOf(url);
    assert.equal(reading.kind === 'unreadable' && reading.reason, 'the connection failed: ECONNREFUSED');
    await serve(() => undefined);
  });
});
