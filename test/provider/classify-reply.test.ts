import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { classifyReply, type ProviderReply } from '../../src/provider/classify-reply.js';
import { assertOutcome } from './provider-fixture.js';

const ID = '0123456789abcdef0123456789abcdef01234567';
const NOW = Date.UTC(2030, 0, 1);

type Expected = Parameters<typeof assertOutcome>[1];

const result = (fields: object, beside: object = {}) => ({ body: { result: fields, ...beside } });

/** Bodies of a 4xx that are not the provider's. */
const FOREIGN_BODIES: readonly (readonly [string, unknown])[] = [
  ['no body', ''],
  ['a blank body', ' \r\n'],
  ['HTML', '<html><h1>Forbidden</h1></html>'],
  ['plain text', 'Forbidden'],
  ['cut JSON', '{"error":"forbidden","message":"x'],
  ['the error of a proxy', { error: 'forbidden' }],
  ['a message alone', { message: 'Forbidden' }],
  ['an error that is an object', { error: { code: 403 }, message: 'x' }],
  ['an error that is 0', { error: 0, message: 'x' }],
  ['another API’s errors', { success: false, errors: [{ code: 1020 }], messages: [], result: null }],
  ['a problem document', { type: 'about:blank', title: 'Forbidden', status: 403, request_id: 'r-1' }],
  ['a list', []],
  ['a string', '"forbidden"'],
  ['null', 'null'],
];

const ID_NAMES = [
  'id',
  'ID',
  'message_id',
  'messageId',
  'MessageID',
  'messageid',
  'msgid',
  'id_message',
  'sms_id',
  'smsId',
  'guid',
  'guid_message',
  'GUID',
  'uuid',
  'message-guid',
  'ids',
  'sid',
  'request_id',
  'idSms',
];

type Line = [string, Omit<Partial<ProviderReply>, 'body'> & { body?: unknown }, Expected];

/**
 * A line of the reference's table or a shape that it allows: what comes, and what a careful client
 * concludes.
 */
const TABLE: Record<string, Line[]> = {
  'takes for accepted': [
    ['error 0, sent "1" and an id', result({ error: 0, sent: '1', id: ID }), 'accepted'],
    ['error and sent as text', result({ error: '0', sent: '1', id: ID }), 'accepted'],
    ['sent as a number', result({ error: 0, sent: 1, id: ID }), 'accepted'],
    ['blanks around the codes', result({ error: ' 0 ', sent: ' 1\n', id: ` ${ID} ` }), 'accepted'],
    ['error null', result({ error: null, sent: '1', id: ID }), 'accepted'],
    ['error ""', result({ error: '', sent: '1', id: ID }), 'accepted'],
    ['an id that is a number', result({ error: 0, sent: 1, id: 42 }), 'accepted'],
    ['status 201', { status: 201, ...result({ error: 0, sent: '1', id: ID }) }, 'accepted'],
    ['fields that nobody knows', result({ error: 0, sent: '1', id: ID, port: null, x: [] }), 'accepted'],
  ],
  'takes for a refused key': [
    ['401', { status: 401, body: { error: 'x', message: 'y' } }, 'API_KEY_INVALID'],
    ['403', { status: 403, body: { error: 3, message: 'y' } }, 'API_KEY_INVALID'],
    ['403 as a result', { status: 403, ...result({ error: 1, sent: 'no' }) }, 'API_KEY_INVALID'],
    ['error 1', result({ error: 1, sent: 'no' }), 'API_KEY_INVALID'],
    ['error "1"', result({ error: '1', sent: '0' }), 'API_KEY_INVALID'],
    ['error " 1 "', result({ error: ' 1 ', sent: '0' }), 'API_KEY_INVALID'],
    ['subscription_expire', result({ error: 'subscription_expire', sent: 'no' }), 'API_KEY_INVALID'],
    ['"Invalid API key"', result({ error: 'Invalid API key', sent: 'no' }), 'API_KEY_INVALID'],
    ['"apikey unknown"', result({ error: 'apikey unknown' }), 'API_KEY_INVALID'],
    ['"Not authorised"', result({ error: 'Not authorised' }), 'API_KEY_INVALID'],
    ['"unauthorized"', result({ error: 'unauthorized' }), 'API_KEY_INVALID'],
    ['"Access denied"', result({ error: 'Access denied' }), 'API_KEY_INVALID'],
    ['"Authentication failed"', result({ error: 'Authentication failed' }), 'API_KEY_INVALID'],
  ],
  'takes for a refused message': [
    ['400', { status: 400, body: { error: 'recipients', message: 'missing' } }, 'MESSAGE_SEND_FAILED'],
    ['400 as a result', { status: 400, ...result({ error: 7, sent: 'no' }) }, 'MESSAGE_SEND_FAILED'],
    ['another error without an id', result({ error: 7, sent: 'api_error' }), 'MESSAGE_SEND_FAILED'],
    ['another error with an empty id', result({ error: 7, sent: '0', id: '' }), 'MESSAGE_SEND_FAILED'],
    ['another error with the id 0', result({ error: 7, id: 0, guid: null }), 'MESSAGE_SEND_FAILED'],
    ['"invalid recipient"', result({ error: 'invalid recipient', sent: 'no' }), 'MESSAGE_SEND_FAILED'],
    ['"missing parameter"', result({ error: 'missing parameter' }), 'MESSAGE_SEND_FAILED'],
  ],
  'takes for not sent': [
    ['429', { status: 429, body: { error: 'x', message: 'y' } }, 'RATE_LIMITED'],
    ['429 with HTML', { status: 429, body: '<html></html>' }, 'RATE_LIMITED'],
    ['error 2: the phone is offline', result({ error: 2, sent: 'no' }), 'PROVIDER_UNAVAILABLE'],
    ['error "2"', result({ error: '2', sent: '0', id: null }), 'PROVIDER_UNAVAILABLE'],
    ['error 2.0', { body: '{"result":{"error":2.0}}' }, 'PROVIDER_UNAVAILABLE'],
    ...[
      undefined,
      null,
      '',
      ' ',
      0,
      '0',
      '00',
      'no',
      'No',
      ' NO ',
      'n',
      'non',
      false,
      'false',
      'FALSE',
      'none',
      [],
    ].map((sent): Line => [
      `error 2 with sent ${inspect(sent)}`,
      result({ error: 2, sent }),
      'PROVIDER_UNAVAILABLE',
    ]),
    [
      'error 2 that names phones',
      result({ error: 2, sIdentifiant: 'a1', sIdentifiantPhone: 7 }),
      'PROVIDER_UNAVAILABLE',
    ],
    [
      'error 2 beside what is no',
      result({ error: 2, guid_message: '', sms_ids: [] }, { success: false, status: 'error' }),
      'PROVIDER_UNAVAILABLE',
    ],
    ...[400, 401, 403].flatMap((status) =>
      FOREIGN_BODIES.map(([what, body]): Line => [
        `${status} with ${what}`,
        { status, body },
        'PROVIDER_UNAVAILABLE',
      ]),
    ),
    [
      '403 of a web framework',
      { status: 403, body: { statusCode: 403, error: 'Forbidden', message: 'no' } },
      'PROVIDER_UNAVAILABLE',
    ],
  ],
  'takes for unknown': [
    ...[500, 502, 503, 504, 599].map(unknownStatus),
    ...[300, 301, 302, 303, 304, 307, 308].map(unknownStatus),
    ...[402, 404, 405, 408, 409, 410, 413, 418, 421, 422, 425, 451, 499].map(unknownStatus),
    ...[100, 199, 600, 0].map(unknownStatus),
    ['an empty body', { body: '' }, 'unknown'],
    ['a blank body', { body: ' \r\n' }, 'unknown'],
    ['HTML', { body: '<!doctype html><p>"sent":"1"' }, 'unknown'],
    ['JSON that is cut', { body: `{"result":{"error":0,"sent":"1","id":"${ID}"` }, 'unknown'],
    ['JSON behind a byte order mark', { body: '\uFEFF{"result":{"error":3}}' }, 'unknown'],
    ['text behind the JSON', { body: '{"result":{"error":3,"sent":"no"}}\nWarning: x' }, 'unknown'],
    ...['null', '[]', '"1"', '1', 'true', '{}', '{"result":null}', '{"result":[]}', '{"result":"1"}'].map(
      (body): Line => [`the JSON ${body}`, { body }, 'unknown'],
    ),
    ['a missing error', result({ sent: '1', id: ID }), 'unknown'],
    ['an error that is an object', result({ error: {}, sent: '1', id: ID }), 'unknown'],
    ['an error that is false', result({ error: false, sent: '1', id: ID }), 'unknown'],
    ['error 0 without an id', result({ error: 0, sent: '1' }), 'unknown'],
    ['error 0 with an empty id', result({ error: 0, sent: '1', id: ' ' }), 'unknown'],
    ['error 0 with an id that is a list', result({ error: 0, sent: '1', id: [ID] }), 'unknown'],
    ['error 0, its id elsewhere', result({ error: 0, sent: '1', message_id: ID }, { id: ID }), 'unknown'],
    ...['0', 'no', 'api_error', '', null, undefined, 2, true, '11'].map((sent): Line => [
      `error 0 with sent ${inspect(sent)}`,
      result({ error: 0, sent, id: ID }),
      'unknown',
    ]),
    ['an error that says it was sent', result({ error: 3, sent: '1' }), 'unknown'],
    ['error 2 that says it was sent', result({ error: 2, sent: 1 }), 'unknown'],
    ['an error with an id', result({ error: 3, sent: 'no', id: ID }), 'unknown'],
    ['error 1 with an id', result({ error: 1, sent: 'no', id: ID }), 'unknown'],
    ['error 2 with an id', result({ error: 2, sent: 'no', id: ID }), 'unknown'],
    ['an error with a message_id', result({ error: 3, message_id: ID }), 'unknown'],
    ['an error with a guid', result({ error: 3, guid: ID }), 'unknown'],
    ['an error with a message_id beside the result', result({ error: 3 }, { message_id: ID }), 'unknown'],
    ['an error with a guid beside the result', result({ error: 3 }, { guid: ID }), 'unknown'],
    ['an error with an id beside the result', result({ error: 2 }, { id: 7 }), 'unknown'],
    ['an error with an id that is a list', result({ error: 3, id: [ID] }), 'unknown'],
    ...[1, 2, 3, 'subscription_expire'].flatMap((error): Line[] => [
      ...[true, 'true', 'yes', 'YES', ' Yes ', 'y', 'oui', 'ok', '01', 2, -1, 'sent', 'queued', {}, [1]].map(
        (sent): Line => [`error ${error} with sent ${inspect(sent)}`, result({ error, sent }), 'unknown'],
      ),
      ...ID_NAMES.map((name): Line => [
        `error ${error} with ${name}`,
        result({ error, sent: 'no', [name]: ID }),
        'unknown',
      ]),
      [`error ${error}, and taken beside it`, result({ error }, { sent: 'yes' }), 'unknown'],
      [`error ${error} and success`, result({ error, success: true }), 'unknown'],
      [`error ${error} and a status`, result({ error, status: 'Queued' }), 'unknown'],
      [`error ${error} and an id in a list`, result({ error, messages: [{ guid: ID }] }), 'unknown'],
      [`error ${error} and an id within`, result({ error, data: { message: { id: 7 } } }), 'unknown'],
    ]),
    ['error 2 with sent "api_error"', result({ error: 2, sent: 'api_error' }), 'unknown'],
    ...['no', 'none', 'false', 'NULL'].map((error): Line => [
      `the error "${error}"`,
      result({ error, sent: 'no' }),
      'unknown',
    ]),
    ...[400, 401, 403, 429].flatMap((status): Line[] => [
      [
        `${status} with an accepted result`,
        { status, ...result({ error: 0, sent: '1', id: ID }) },
        'unknown',
      ],
      [`${status} with a result and no error`, { status, ...result({ sent: 'no' }) }, 'unknown'],
      [`${status} with an id`, { status, body: { error: 'x', message: 'y', guid_message: ID } }, 'unknown'],
      [`${status} that says yes`, { status, body: { error: 'x', message: 'y', sent: 'yes' } }, 'unknown'],
    ]),
    [
      'a body that was too large',
      { ...result({ error: 0, sent: '1', id: ID }), cut: 'too-large' },
      'unknown',
    ],
    ['a body that broke off', { ...result({ error: 3, sent: 'no' }), cut: 'broken' }, 'unknown'],
  ],
};

function unknownStatus(status: number): Line {
  return [
    `HTTP ${status}, whatever it says`,
    { status, ...result({ error: 0, sent: '1', id: ID }) },
    'unknown',
  ];
}

describe('classifyReply', () => {
  for (const [verdict, lines] of Object.entries(TABLE)) {
    for (const [what, reply, expected] of lines) {
      it(`${verdict}: ${what}`, () => {
        const body = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
        assertOutcome(classifyReply({ status: 200, ...reply, body }, NOW), expected);
      });
    }
  }

  it('returns the id of an accepted message, trimmed, and the status', () => {
    const body = JSON.stringify({ result: { error: 0, sent: '1', id: ` ${ID} ` } });
    const outcome = classifyReply({ status: 200, body }, NOW);
    assert.deepEqual(outcome, { kind: 'accepted', messageId: ID, httpStatus: 200 });
  });

  for (const [written, messageId] of [
    ['9007199254740993', '9007199254740993'],
    ['12345678901234567890', '12345678901234567890'],
    ['1.2345678901234567890e19', '12345678901234567890'],
    ['-9007199254740993', '-9007199254740993'],
    ['"9007199254740993"', '9007199254740993'],
  ] as const) {
    it(`returns the id ${written} digit by digit`, () => {
      const body = `{"result":{"error":0,"sent":"1","id":${written}}}`;
      assert.deepEqual(classifyReply({ status: 200, body }, NOW), {
        kind: 'accepted',
        messageId,
        httpStatus: 200,
      });
    });
  }

  it('requires a check of the sent messages before it repeats a request that a phone reportedly missed', () => {
    const body = JSON.stringify({ result: { error: 2, sent: 'no' } });
    const offline = classifyReply({ status: 200, body }, NOW);
    assert.ok(offline.kind === 'not-sent' && offline.lookBeforeRepeat);
    const busy = classifyReply({ status: 429, body: '' }, NOW);
    assert.ok(busy.kind === 'not-sent' && busy.lookBeforeRepeat === undefined);
  });

  it('does not blame the key when a firewall answers', () => {
    const outcome = classifyReply({ status: 403, body: '{"error":"forbidden"}' }, NOW);
    assert.ok(outcome.kind === 'not-sent');
    assert.deepEqual([outcome.httpStatus, outcome.providerCode], [403, undefined]);
    assert.doesNotMatch(outcome.reason, /key/);
  });

  it('returns status and code of a refusal', () => {
    const outcome = classifyReply({ status: 400, body: '{"error":"bad_recipient","message":"m"}' }, NOW);
    assert.ok(outcome.kind === 'rejected');
    assert.deepEqual([outcome.httpStatus, outcome.providerCode], [400, 'bad_recipient']);
  });

  it('returns the Retry-After of a 429, and nothing without one', () => {
    const waits = ['7', 'Tue, 01 Jan 2030 00:01:00 GMT', 'soon', null, undefined].map((retryAfter) => {
      const outcome = classifyReply(
        { status: 429, body: '', ...(retryAfter !== undefined && { retryAfter }) },
        NOW,
      );
      assert.ok(outcome.kind === 'not-sent');
      return outcome.retryAfterMs;
    });
    assert.deepEqual(waits, [7_000, 60_000, undefined, undefined, undefined]);
  });
});
