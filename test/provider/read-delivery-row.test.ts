import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { PhoneReport } from '../../src/domain/following/phone-report.js';
import { readDeliveryRow } from '../../src/provider/read-delivery-row.js';

const NOW_MS = Date.UTC(2030, 0, 1, 12);
const API_KEY = 'key-0123456789abcdef';
const ROW = {
  guid: 'a'.repeat(40),
  number: '+33639980042',
  message: 'Bonjour Z9Q',
  date: '2030-01-01 11:59:00',
};

const SENT: PhoneReport = { kind: 'sent' };
const PENDING: PhoneReport = { kind: 'pending' };
const UNCLEAR: PhoneReport = { kind: 'unclear' };
const failed = (code: string): PhoneReport => ({ kind: 'failed', code });

const read = (fields: object) => readDeliveryRow({ ...ROW, ...fields }, API_KEY, NOW_MS).report;

/** What the three fields say, in every form that PHP and its clients write. */
const YES = ['1', 1, true, 'true', 'TRUE', 'yes', ' 1 '];
const NO = ['', '0', 0, false, 'false', 'no', 'null', 'none', null, undefined, [], '  ', '00'];
const NOT_A_WORD = ['2', 2, -1, 'maybe', '2030-01-01', { value: 1 }, [1], ['1', '0'], 1.5];
const NO_FAILURE = [
  '',
  '0',
  0,
  false,
  'false',
  'no',
  'none',
  'NULL',
  'ok',
  null,
  undefined,
  [],
  {},
  ' ',
  '000',
];
const FAILURES: readonly (readonly [unknown, string])[] = [
  ['4', '4'],
  [4, '4'],
  [-1, '-1'],
  ['RESULT_ERROR_GENERIC_FAILURE', 'RESULT_ERROR_GENERIC_FAILURE'],
  [' NO_SERVICE ', 'NO_SERVICE'],
  [true, 'unspecified'],
  ['The phone is not reachable', 'unspecified'],
  ['+33639980042', 'unspecified'],
  ['639980042', 'unspecified'],
  [API_KEY, 'unspecified'],
  ['Z9Q Bonjour', 'unspecified'],
];

describe('what a row of the sent messages says of the phone', () => {
  for (const sent of YES) {
    for (const none of NO_FAILURE) {
      it(`is sent: ${show(sent)} with errors ${show(none)}`, () => {
        const fields = { send_from_mobile: sent, send_from_mobile_erreur: none, error_api: none };
        assert.deepEqual(read(fields), SENT);
      });
    }
  }

  for (const sent of NO) {
    it(`is not sent yet: ${show(sent)}`, () => {
      assert.deepEqual(read({ send_from_mobile: sent, send_from_mobile_erreur: '', error_api: '' }), PENDING);
    });

    for (const [field, code] of FAILURES) {
      it(`is failed: ${show(sent)} with error ${show(field)}`, () => {
        assert.deepEqual(read({ send_from_mobile: sent, send_from_mobile_erreur: field }), failed(code));
        assert.deepEqual(read({ send_from_mobile: sent, error_api: field }), failed(code));
      });
    }
  }

  it('is not sent yet where the row has none of the fields', () => {
    assert.deepEqual(read({}), PENDING);
  });

  for (const [field] of FAILURES) {
    it(`is unclear where the row says sent and failed: ${show(field)}`, () => {
      assert.deepEqual(read({ send_from_mobile: '1', send_from_mobile_erreur: field }), UNCLEAR);
      assert.deepEqual(read({ send_from_mobile: 1, error_api: field }), UNCLEAR);
    });
  }

  for (const word of NOT_A_WORD) {
    it(`is unclear where the answer cannot be read: ${show(word)}`, () => {
      assert.deepEqual(read({ send_from_mobile: word }), UNCLEAR);
      assert.deepEqual(read({ send_from_mobile: word, error_api: 'NO_SERVICE' }), UNCLEAR);
    });
  }

  for (const error of [{ code: 4 }, [4], ['NO_SERVICE', 'x']]) {
    it(`is unclear where the error cannot be read: ${show(error)}`, () => {
      assert.deepEqual(read({ send_from_mobile: '1', send_from_mobile_erreur: error }), UNCLEAR);
      assert.deepEqual(read({ send_from_mobile: '', send_from_mobile_erreur: error }), UNCLEAR);
    });
  }

  it('is unclear where two spellings of a field disagree', () => {
    assert.deepEqual(read({ send_from_mobile: '1', sendFromMobile: '0' }), UNCLEAR);
    assert.deepEqual(read({ send_from_mobile: '1', 'Send-From-Mobile': 1 }), SENT);
  });

  it('shows the code that can be shown', () => {
    const fields = { send_from_mobile_erreur: 'The phone is off', error_api: 'E42' };
    assert.deepEqual(read(fields), failed('E42'));
  });

  for (const row of [undefined, null, 7, 'sent', [], true]) {
    it(`is unclear where there is no row: ${show(row)}`, () => {
      assert.deepEqual(readDeliveryRow(row, API_KEY, NOW_MS), { messageIds: [], report: UNCLEAR });
    });
  }

  it('never throws, and never shows what was sent or the key', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.anything(), (sent, phoneError, apiError) => {
        const fields = { send_from_mobile: sent, send_from_mobile_erreur: phoneError, error_api: apiError };
        const shown = JSON.stringify(read(fields));
        for (const secret of [ROW.number, ROW.message, API_KEY]) assert.ok(!shown.includes(secret));
      }),
    );
  });
});

describe('the ids of such a row', () => {
  it('are all that it carries', () => {
    const { messageIds } = readDeliveryRow({ ...ROW, id: 42, guid_message: 'b' }, API_KEY, NOW_MS);
    assert.deepEqual(messageIds, ['a'.repeat(40), 'b', '42']);
  });
});

describe('when the phone sent it', () => {
  it('is what a field says that can mean nothing else', () => {
    const at = '2030-01-01T11:59:30Z';
    assert.deepEqual(read({ send_from_mobile: '1', send_from_mobile_date: at }), {
      kind: 'sent',
      sentAtMs: Date.parse(at),
    });
  });

  for (const fields of [
    { date: '2030-01-01T11:59:30Z', timestamp_unix: 1_893_499_170, sent_at: '2030-01-01T11:59:30Z' },
    { send_from_mobile_date: '2030-01-01 11:59:30' },
    { send_from_mobile_date: 'today' },
  ]) {
    it(`is unknown where the row only has ${JSON.stringify(fields)}`, () => {
      assert.deepEqual(read({ send_from_mobile: '1', ...fields }), SENT);
    });
  }
});

function show(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}
