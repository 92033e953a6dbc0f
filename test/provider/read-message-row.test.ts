import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { LoggedSms, LoggedTime } from '../../src/domain/sent-messages.js';
import { readMessageRow } from '../../src/provider/read-message-row.js';

const NOW = Date.UTC(2026, 10, 22, 12);
const AT_MS = Date.UTC(2026, 10, 22, 9, 5);
const UNIX = AT_MS / 1_000;
const HOUR_MS = 3_600_000;

const exact = (atMs: number): LoggedTime => ({ kind: 'exact', atMs });
const zoneless = (asUtcMs: number): LoggedTime => ({ kind: 'zoneless', asUtcMs });
const UNREADABLE: LoggedTime = { kind: 'unreadable' };
const NOTHING: LoggedSms = {
  messageIds: [],
  number: undefined,
  text: undefined,
  time: UNREADABLE,
  failure: undefined,
};
const show = (value: unknown) => JSON.stringify(value);

describe('a row of the list of sent messages', () => {
  it('is read as a whole', () => {
    const row = {
      guid: 'g-1',
      number: '+33639980001',
      message: ' Hello ',
      date: '2026-11-22 09:05:00',
      timestamp_unix: String(UNIX),
      sIdentifiant: 'phone-1',
      send_from_mobile: '0',
      send_from_mobile_erreur: 'no_service',
      error_api: '',
    };
    assert.deepEqual(readMessageRow(row, NOW), {
      messageIds: ['g-1'],
      number: '+33639980001',
      text: ' Hello ',
      time: exact(AT_MS),
      failure: 'no_service',
    });
  });

  for (const row of [null, 'row', 7, true, [], [{ number: '1' }], {}, { other: 'x' }]) {
    it(`is unreadable as a whole when it is ${show(row)}`, () => {
      assert.deepEqual(readMessageRow(row, NOW), NOTHING);
    });
  }

  it('never throws, whatever it holds', () => {
    const names = fc.constantFrom(
      'number',
      'recipients',
      'message',
      'guid',
      'date',
      'timestamp',
      'error_api',
    );
    fc.assert(
      fc.property(fc.dictionary(names, fc.jsonValue()), (row) => {
        readMessageRow(row, NOW);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the number of a row', () => {
  const numberOf = (row: unknown) => readMessageRow(row, NOW).number;

  for (const name of [
    'number',
    'recipients',
    'recipient',
    'to',
    'destination',
    'Number',
    'RECIPIENTS',
    'Recipient ',
    'reci-pient',
  ]) {
    it(`is found as ${name}`, () => {
      assert.equal(numberOf({ [name]: '0639980001' }), '0639980001');
    });
  }

  for (const [field, expected] of [
    [33639980001, '33639980001'],
    [' +33639980001 ', '+33639980001'],
    [['+33639980001'], '+33639980001'],
    [[33639980001], '33639980001'],
    ['+33639980001,', '+33639980001'],
    [['+33639980001', '+33639980002'], undefined],
    ['+33639980001,+33639980002', undefined],
    ['+33639980001; +33639980002', undefined],
    ['+33639980001\n+33639980002', undefined],
    [[['+33639980001']], undefined],
    [{ e164: '+33639980001' }, undefined],
    [3.5, undefined],
    [1e30, undefined],
    [true, undefined],
    ['  ', undefined],
  ] as const) {
    it(`is ${expected ?? 'unreadable'} in ${show(field)}`, () => {
      assert.equal(numberOf({ number: field }), expected);
    });
  }

  it('is never taken from a field that may name the sending phone', () => {
    for (const name of ['phone', 'phone_number', 'mobile']) {
      assert.equal(numberOf({ [name]: '0639980001' }), undefined);
    }
  });

  it('is read when its fields agree or the others are empty', () => {
    assert.equal(numberOf({ number: 33639980001, recipients: ['33639980001'] }), '33639980001');
    assert.equal(numberOf({ number: '', to: null, recipients: [], destination: '0639980001' }), '0639980001');
  });

  it('is unreadable when its fields differ, or one is unreadable', () => {
    assert.equal(numberOf({ number: '+33639980001', recipients: '+33639980002' }), undefined);
    assert.equal(numberOf({ number: '+33639980001', NUMBER: '+33639980002' }), undefined);
    assert.equal(numberOf({ number: '+33639980001', to: 'phone-1' }), undefined);
    assert.equal(numberOf({ number: '+33639980001', recipients: ['1', '2'] }), undefined);
    assert.equal(numberOf({ number: '+33639980001', to: {} }), undefined);
  });
});

describe('the text of a row', () => {
  const textOf = (row: unknown) => readMessageRow(row, NOW).text;

  for (const name of ['message', 'text', 'body', 'content', 'sms', 'Message', 'TEXT']) {
    it(`is found as ${name}`, () => {
      assert.equal(textOf({ [name]: ' Hé\r\n ' }), ' Hé\r\n ');
    });
  }

  for (const field of [12, true, ['Hello'], { text: 'Hello' }, '', ' \n', null]) {
    it(`is unreadable in ${show(field)}`, () => {
      assert.equal(textOf({ message: field }), undefined);
    });
  }

  it('is unreadable when its fields differ', () => {
    assert.equal(textOf({ message: 'Hello', text: 'Hello' }), 'Hello');
    assert.equal(textOf({ message: 'Hello', text: '' }), 'Hello');
    assert.equal(textOf({ message: 'Hello', text: 'hello' }), undefined);
    assert.equal(textOf({ message: 'Hello', sms: [], body: {} }), undefined);
  });
});

describe('the ids of a row', () => {
  const idsOf = (row: unknown) => readMessageRow(row, NOW).messageIds;

  it('are all its ids, the message id first, each once', () => {
    const row = { id: 17, message_id: 'm', Guid_Message: 'gm', guid: ' g ' };
    assert.deepEqual(idsOf(row), ['g', 'gm', 'm', '17']);
    assert.deepEqual(idsOf({ id: 'g', guid: 'g' }), ['g']);
  });

  for (const id of ['', ' ', '0', 0, null, true, {}, ['x'], 2 ** 60]) {
    it(`are none in ${show(id)}`, () => {
      assert.deepEqual(idsOf({ id }), []);
    });
  }
});

describe('the date of a row', () => {
  const timeOf = (row: unknown) => readMessageRow(row, NOW).time;

  for (const name of [
    'timestamp_unix',
    'timestamp',
    'date',
    'datetime',
    'date_time',
    'sent_at',
    'created_at',
    'createdAt',
    'Timestamp-Unix',
    'DATE',
  ]) {
    it(`is found as ${name}`, () => {
      assert.deepEqual(timeOf({ [name]: '2026-11-22T09:05:00Z' }), exact(AT_MS));
      assert.deepEqual(timeOf({ [name]: UNIX }), exact(AT_MS));
    });
  }

  for (const [written, expected] of [
    [UNIX, exact(AT_MS)],
    [String(UNIX), exact(AT_MS)],
    [` ${UNIX} `, exact(AT_MS)],
    [UNIX + 0.5, exact(AT_MS + 500)],
    [`${UNIX}.5`, exact(AT_MS + 500)],
    [AT_MS, exact(AT_MS)],
    [String(AT_MS), exact(AT_MS)],
    ['2026-11-22T09:05:00.250Z', exact(AT_MS + 250)],
    ['2026-11-22T09:05:00.999999999Z', exact(AT_MS + 999)],
    ['2026-11-22T10:05:00+01:00', exact(AT_MS)],
    ['2026-11-22T10:05:00+0100', exact(AT_MS)],
    ['2026-11-22 10:05:00+01', exact(AT_MS)],
    ['2026-11-22 04:05:00 -05:00', exact(AT_MS)],
    ['2026-11-22t09:05z', exact(AT_MS)],
    ['2026-11-22 09:05:00 UTC', exact(AT_MS)],
    ['2026-11-22 09:05:00', zoneless(AT_MS)],
    ['2026-11-22T09:05:00', zoneless(AT_MS)],
    ['2026-11-22 09:05', zoneless(AT_MS)],
    ['2026-11-22 09:05:00.5', zoneless(AT_MS + 500)],
    ['2024-02-29 09:05:00', zoneless(Date.UTC(2024, 1, 29, 9, 5))],
  ] as const) {
    it(`is ${expected.kind} in ${show(written)}`, () => {
      assert.deepEqual(timeOf({ date: written }), expected);
    });
  }

  for (const written of [
    '31/01/2026 09:05',
    '01/31/2026',
    'yesterday',
    '22 Nov 2026 09:05:00',
    '2026-11-22',
    '09:05:00',
    '2026-02-31 09:05:00',
    '2026-02-29T09:05:00Z',
    '2026-13-01 09:05:00',
    '2026-11-22 24:00:00',
    '2026-11-22 09:60:00',
    '2026-11-22 09:05:60',
    '2026-11-22T09:05:00+15:00',
    '2026-11-22T09:05:00+01:60',
    '0000-00-00 00:00:00',
    '0001-01-01T00:00:00Z',
    '1970-01-01 00:00:00',
    '9999-12-31T23:59:59Z',
    '2026-11-22 09:05:00 CET',
    '2026-11-22 09:05:00 PM',
    `x${UNIX}`,
    '20261122',
    '20261122090500',
    0,
    '0',
    -UNIX,
    `-${UNIX}`,
    1,
    UNIX * 1_000_000,
    1e300,
    true,
    {},
    [UNIX],
    Date.UTC(2014, 11, 31) / 1_000,
    (NOW + 49 * HOUR_MS) / 1_000,
  ]) {
    it(`is unreadable in ${show(written)}`, () => {
      assert.deepEqual(timeOf({ date: written }), UNREADABLE);
    });
  }

  it('may be slightly ahead of our clock', () => {
    assert.deepEqual(timeOf({ timestamp: (NOW + 47 * HOUR_MS) / 1_000 }), exact(NOW + 47 * HOUR_MS));
  });

  it('is the Unix timestamp, or else the date with a zone, or else the one without', () => {
    const [iso, plain] = ['2026-11-22T09:00:00Z', '2026-11-22 10:05:00'];
    assert.deepEqual(timeOf({ date: plain, created_at: iso, timestamp: UNIX }), exact(AT_MS));
    assert.deepEqual(timeOf({ date: plain, created_at: iso }), exact(AT_MS - 300_000));
    assert.deepEqual(timeOf({ date: plain, created_at: 'soon' }), zoneless(AT_MS + HOUR_MS));
    assert.deepEqual(timeOf({ date: '31/01/2026 09:05', timestamp_unix: UNIX }), exact(AT_MS));
    assert.deepEqual(timeOf({ date: plain, timestamp_unix: 0 }), zoneless(AT_MS + HOUR_MS));
  });

  it('is the latest of several of the same kind, as too early a date would hide the row', () => {
    const [early, late] = ['2026-11-22T09:04:00Z', '2026-11-22T09:05:00Z'];
    assert.deepEqual(timeOf({ date: early, sent_at: late }), exact(AT_MS));
    assert.deepEqual(timeOf({ date: late, sent_at: early }), exact(AT_MS));
  });

  it('is unreadable when its dates are more than a day apart', () => {
    const at = (atMs: number) => new Date(atMs).toISOString();
    const apart = (ms: number) => timeOf({ date: at(AT_MS), created_at: at(AT_MS - ms) });
    assert.deepEqual(apart(24 * HOUR_MS), exact(AT_MS));
    assert.deepEqual(apart(24 * HOUR_MS + 1), UNREADABLE);
    assert.deepEqual(timeOf({ timestamp: UNIX, created_at: at(AT_MS - 25 * HOUR_MS) }), UNREADABLE);
    assert.deepEqual(timeOf({ timestamp: UNIX, date: '2026-11-21 00:00:00' }), exact(AT_MS));
    assert.deepEqual(timeOf({ timestamp: UNIX, date: '2026-11-20 20:00:00' }), UNREADABLE);
  });
});

describe('the failure of a row', () => {
  const failureOf = (row: unknown) => readMessageRow(row, NOW).failure;

  for (const name of ['error_api', 'send_from_mobile_erreur', 'errorApi']) {
    it(`is the code in ${name}`, () => {
      assert.equal(failureOf({ [name]: ' no_service ' }), 'no_service');
      assert.equal(failureOf({ [name]: 7 }), '7');
    });
    for (const none of ['', ' ', '0', 0, null, false, []]) {
      it(`is none when ${name} is ${show(none)}`, () => {
        assert.equal(failureOf({ [name]: none }), undefined);
      });
    }
    for (const words of ['Sending to +33639980001 failed', '33639980001', true, { code: 1 }]) {
      it(`is unspecified when ${name} is ${show(words)}`, () => {
        assert.equal(failureOf({ [name]: words }), 'unspecified');
      });
    }
  }

  it('never repeats the text', () => {
    assert.equal(failureOf({ message: 'Bonjour', error_api: 'Bonjour' }), 'unspecified');
    assert.equal(failureOf({ message: 'Rendez-vous demain', error_api: 'Rendez-vous' }), 'unspecified');
  });

  it('never repeats the number in any encoding, nor an ambiguous text', () => {
    const number = '+33639980001';
    const encoded = Buffer.from(number).toString('base64url');
    assert.equal(failureOf({ number, error_api: encoded }), 'unspecified');
    assert.equal(failureOf({ recipients: [number], error_api: encoded }), 'unspecified');
    const texts = { message: 'Bonjour', text: 'Bonsoir' };
    assert.equal(failureOf({ ...texts, error_api: 'Bonsoir' }), 'unspecified');
  });

  it('is the first code that may be shown', () => {
    assert.equal(failureOf({ error_api: 'It failed', send_from_mobile_erreur: 'E4' }), 'E4');
  });

  it('is none while the phone has not sent yet', () => {
    assert.equal(failureOf({ send_from_mobile: '0' }), undefined);
  });
});
