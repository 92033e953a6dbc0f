import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { SentMessages } from '../../src/domain/sent-messages.js';
import {
  honestPage,
  LOG_KEY,
  readLogOf,
  sendBody,
  sendPage,
  startLogServer,
  textsOf,
  type LogReading,
  type LogServer,
} from './sent-messages-server.js';

const AT = Date.UTC(2026, 9, 22, 9, 5, 7) / 1_000;
/** Five rows, newest first, ten seconds apart. */
const ROWS = Array.from({ length: 5 }, (_, i) => ({ at: AT - 10 * i, message: `m${i}`, id: `id-${i}` })).map(
  (row) => ({ ...row, timestamp_unix: row.at, number: '+33639980001' }),
);
const ALL = ROWS.map(({ message }) => message);

type Answer = Parameters<typeof startLogServer>[0];

async function readFrom(answer: Answer, reading: LogReading = {}, path = '') {
  const server: LogServer = await startLogServer(answer);
  try {
    const log = await readLogOf(`${server.url}${path}`, reading);
    return { log, requests: server.requests, headers: server.headers };
  } finally {
    await server.close();
  }
}

const honest: Answer = (reply, query) => {
  sendPage(reply, honestPage(ROWS, query, 3));
};
/** Honest, but for what the second and later pages get first. */
const failing =
  (fail: (reply: ServerResponse) => void, times = Infinity): Answer =>
  (reply, query, count) => {
    if (count > 1 && count <= 1 + times) fail(reply);
    else honest(reply, query, count);
  };
const status = (code: number) => (reply: ServerResponse) => {
  sendBody(reply, JSON.stringify({ error: LOG_KEY, message: LOG_KEY }), code);
};

function assertUnreadable(log: SentMessages, reason: string, httpStatus?: number): void {
  assert.deepEqual(log, { kind: 'unreadable', reason, ...(httpStatus !== undefined && { httpStatus }) });
}

describe('the wire format of a read', () => {
  it('consists of GET requests for pages, without filters', async () => {
    const { requests, headers, log } = await readFrom(honest);
    assert.deepEqual(textsOf(log), { texts: ALL, incomplete: undefined });
    assert.deepEqual(
      requests.map(({ method, path, query }) => [method, path, Object.fromEntries(query)]),
      [
        ['GET', '/log/sent/sms/', { apikey: LOG_KEY }],
        ['GET', '/log/sent/sms/', { apikey: LOG_KEY, before: String(AT - 20 + 3) }],
        ['GET', '/log/sent/sms/', { apikey: LOG_KEY, before: String(AT - 40 + 3) }],
      ],
    );
    for (const header of headers) {
      assert.deepEqual([header.accept, header.connection], ['application/json', 'close']);
      assert.ok(!JSON.stringify(header).includes(LOG_KEY));
    }
  });

  it('distinguishes ids beyond JavaScript’s precision, digit by digit', async () => {
    const written = ['9007199254740993', '9007199254740992', '"9007199254740994"', '1.2345678901235e+19'];
    const rows = written.map((id, i) => `{"id":${id},"timestamp_unix":${AT - i}.0,"message":"m${i}"}`);
    const { log } = await readFrom((reply) => {
      sendBody(reply, `{"result":{"sms":[${rows.join(',')}]}}`);
    });
    assert.ok(log.kind === 'read');
    assert.deepEqual(
      log.rows.map(({ messageIds }) => messageIds),
      [['9007199254740993'], ['9007199254740992'], ['9007199254740994'], []],
    );
    assert.ok(log.rows.every(({ time }) => time.kind === 'exact'));
  });

  it('goes below the path of the base address', async () => {
    for (const path of ['/proxy/v1', '/proxy/v1/']) {
      const { requests } = await readFrom(honest, {}, path);
      assert.equal(requests[0]?.path, '/proxy/v1/log/sent/sms/');
    }
  });

  it('requests no more than it needs', async () => {
    const { requests, log } = await readFrom(honest, { sinceMs: (AT - 16) * 1_000 });
    assert.equal(requests.length, 1);
    assert.deepEqual(textsOf(log), { texts: ALL.slice(0, 2), incomplete: undefined });
  });
});

describe('an unreadable page of the list of sent messages', () => {
  const REPLIES: [string, (reply: ServerResponse) => void, string, number?][] = [
    ['a 400', status(400), 'the reply was HTTP 400', 400],
    ['a 401', status(401), 'the API key was refused', 401],
    [
      'a 403 of a firewall',
      (reply) => {
        sendBody(reply, '<h1>Forbidden</h1>', 403);
      },
      'the reply was HTTP 403',
      403,
    ],
    ['a 404', status(404), 'the reply was HTTP 404', 404],
    ['a 204', (reply) => reply.writeHead(204).end(), 'the reply was empty', 204],
    [
      'a JSON list',
      (reply) => {
        sendBody(reply, '[]');
      },
      'the reply was not a JSON object',
      200,
    ],
    [
      'null',
      (reply) => {
        sendBody(reply, 'null');
      },
      'the reply was not a JSON object',
      200,
    ],
    [
      'no result',
      (reply) => {
        sendBody(reply, '{"sms":[]}');
      },
      'the reply contained no result',
      200,
    ],
    [
      'a result that is a list',
      (reply) => {
        sendBody(reply, '{"result":[]}');
      },
      'the reply contained no result',
      200,
    ],
    [
      'rows in an object',
      (reply) => {
        sendPage(reply, {});
      },
      'the result contained no list of messages',
      200,
    ],
    [
      'no rows',
      (reply) => {
        sendPage(reply, undefined);
      },
      'the result contained no list of messages',
      200,
    ],
    [
      '3 MB',
      (reply) => {
        sendPage(reply, ['x'.repeat(3_000_000)]);
      },
      'the reply was too large',
      200,
    ],
    [
      'a reply that breaks off',
      (reply) => {
        reply.writeHead(200, { 'content-length': 1_000 });
        reply.write('{"result":{"sms":[]}}', () => reply.socket?.resetAndDestroy());
      },
      'the reply was cut off',
      200,
    ],
  ];
  for (const [what, answer, reason, httpStatus] of REPLIES) {
    it(`is ${what}`, async () => {
      const { log, requests } = await readFrom(answer);
      assertUnreadable(log, reason, httpStatus);
      assert.equal(requests.length, 1);
    });
  }

  it('is one with an endless body', async () => {
    const { log } = await readFrom(
      (reply) => {
        reply.writeHead(200).write('{"result":{"sms":[]}}');
      },
      { limits: { pageTimeoutMs: 2_000 } },
    );
    assertUnreadable(log, 'no complete reply within the time-out', 200);
  });

  it('is one with data that Node.js cannot print', async () => {
    const { log } = await readFrom((reply) => {
      sendBody(reply, `{"result":{"sms":[{"x":${'['.repeat(50_000)}${']'.repeat(50_000)}}]}}`);
    });
    assert.equal(log.kind, 'unreadable');
  });

  it('is one behind an address that Node.js refuses, and would quote', async () => {
    assertUnreadable(await readLogOf('http://user:password@127.0.0.1:1'), 'the connection failed');
    assertUnreadable(await readLogOf('http://127.0.0.1:1'), 'the connection failed');
  });

  it('is one where nothing listens', async () => {
    const server = await startLogServer(honest);
    await server.close();
    assertUnreadable(await readLogOf(server.url), 'the connection failed: ECONNREFUSED');
  });

  for (const code of [301, 302, 307, 308]) {
    it(`is a ${code}, which is not followed`, async () => {
      const second = await startLogServer(honest);
      try {
        const { log } = await readFrom((reply) => {
          reply.writeHead(code, { location: `${second.url}/log/sent/sms/?apikey=x` }).end();
        });
        assertUnreadable(log, `the reply was HTTP ${code}`, code);
        assert.equal(second.requests.length, 0);
      } finally {
        await second.close();
      }
    });
  }
});

describe('a further page of the list of sent messages that fails', () => {
  it('is requested once more', async () => {
    for (const fail of [status(503), (reply: ServerResponse) => reply.socket?.resetAndDestroy()]) {
      const { log, requests } = await readFrom(failing(fail, 1));
      assert.deepEqual(textsOf(log), { texts: ALL, incomplete: undefined });
      assert.equal(requests.length, 4);
    }
  });

  it('makes the whole list unreadable when it fails again', async () => {
    const { log, requests } = await readFrom(failing(status(503), 2));
    assertUnreadable(log, 'the reply was HTTP 503', 503);
    assert.equal(requests.length, 3);
  });

  for (const code of [302, 400, 403, 429]) {
    it(`is not requested again after a ${code}`, async () => {
      const { log, requests } = await readFrom(failing(status(code)));
      assert.ok(log.kind === 'unreadable' && log.httpStatus === code);
      assert.equal(requests.length, 2);
    });
  }
});

describe('the limits of a read', () => {
  it('include a number of pages', async () => {
    const { log, requests } = await readFrom(honest, { limits: { maxPages: 2 } });
    assert.deepEqual(textsOf(log), {
      texts: ALL,
      incomplete: 'the sent messages have more pages than are read',
    });
    assert.equal(requests.length, 2);
  });

  it('allow the last page to complete the read', async () => {
    const { log } = await readFrom(honest, { limits: { maxPages: 3 } });
    assert.equal(textsOf(log).incomplete, undefined);
  });

  it('include a time, after which the rows so far are kept', async () => {
    const limits = { totalTimeoutMs: 1_000 };
    const { log } = await readFrom(
      failing(() => undefined),
      { limits },
    );
    assert.deepEqual(textsOf(log), {
      texts: ALL.slice(0, 3),
      incomplete: 'reading the sent messages took too long',
    });
    const { log: none, requests } = await readFrom(() => undefined, { limits: { totalTimeoutMs: 200 } });
    assertUnreadable(none, 'reading the sent messages took too long');
    assert.equal(requests.length, 1);
  });

  it('include the size of a page', async () => {
    const { log } = await readFrom(honest, { limits: { maxPageBytes: 100 } });
    assertUnreadable(log, 'the reply was too large', 200);
  });
});

describe('an aborted read', () => {
  it('makes no request before it began', async () => {
    const { log, requests } = await readFrom(honest, { signal: AbortSignal.abort() });
    assertUnreadable(log, 'the read was aborted');
    assert.equal(requests.length, 0);
  });

  it('stops between two pages, or while a body arrives', async () => {
    for (const finish of [true, false]) {
      const abort = new AbortController();
      const { log, requests } = await readFrom(
        (reply, query, count) => {
          if (count === 1) honest(reply, query, count);
          else {
            reply.writeHead(200).write('{"result":', () => {
              abort.abort();
              if (finish) reply.end('{"sms":[]}}');
            });
          }
        },
        { signal: abort.signal },
      );
      assertUnreadable(log, 'the read was aborted');
      assert.equal(requests.length, 2);
      assert.equal(getEventListeners(abort.signal, 'abort').length, 0);
    }
  });

  it('leaves no listener when it was not aborted', async () => {
    const { signal } = new AbortController();
    await readFrom(honest, { signal });
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  });
});

describe('a failure in the list of sent messages', () => {
  it('never repeats the key', async () => {
    const rows = [{ ...ROWS[0], error_api: 'a7q-x-b' }];
    const answer: Answer = (reply) => {
      sendPage(reply, rows);
    };
    for (const [apiKey, failure] of [
      ['a7q-x-b', 'unspecified'],
      ['zzz-a7q-x-b-zzz', 'unspecified'],
      ['other-key-0', 'a7q-x-b'],
    ] as const) {
      const { log } = await readFrom(answer, { apiKey, sinceMs: AT * 1_000 });
      assert.ok(log.kind === 'read');
      assert.equal(log.rows[0]?.failure, failure);
    }
  });
});
