import assert from 'node:assert/strict';
import { SmsError } from '../../src/domain/errors.js';
import { formatOptOut, OPT_OUT_HEAD } from '../../src/policies-client/format-opt-outs.js';
import { parseOptOuts } from '../../src/policies-client/parse-opt-outs.js';
import type { OptOut } from '../../src/policies-client/sms-opt-outs.js';

const ACCOUNT = '6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e';
const OTHER = '7a2d2f4f-8c1b-4f5e-9d0a-3b8f5f1c2d4e';

const read = (text: string, accountId: string | undefined = ACCOUNT) =>
  parseOptOuts(text, { accountId, source: 'operator', defaultRegion: 'FR' });
const phonesOf = (text: string) => read(text).map(({ phone }) => phone);

describe('a list of opt-outs', () => {
  const two = ['+33639980001', '+33639980002'];
  for (const [what, text] of [
    ['numbers alone, one a line', '06 39 98 00 01\n+33 6 39 98 00 02\n'],
    ['Windows line ends and blank lines', '\r\n06 39 98 00 01\r\n\r\n+33639980002\r\n\r\n'],
    ['old line ends of a Mac', 'phone\r06 39 98 00 01\r+33639980002'],
    ['a byte order mark', '\uFEFFphone\n0639980001\n0639980002'],
    ['a head', 'phone\n0639980001\n0639980002'],
    ['a head in other words', 'Name;Phone Number\nA;0639980001\nB;0639980002'],
    ['a head in French', 'Nom;Téléphone\nA;0639980001\nB;0639980002'],
    ['tabs', 'phone\tcomment\n0639980001\tx\n0639980002\t'],
    ['quotes', '"phone","comment"\n"0639980001","says ""stop"", twice,\nand more"\n"06.39.98.00.02",'],
    ['columns that are unknown or empty', 'phone,,note\n0639980001,,\n0639980002'],
    ['JSON lines', '{"recipientPhone":"0639980001"}\n\n{"phone":"+33639980002","note":null}\n'],
  ] as const) {
    it(`is read with ${what}`, () => {
      assert.deepEqual(phonesOf(text), two);
    });
  }

  it('may be empty', () => {
    for (const text of ['', '\n \n', 'phone\n', OPT_OUT_HEAD]) assert.deepEqual(read(text), []);
  });

  it('has what it says of account, time and source, and else what is given', () => {
    const [first, second] = read(
      `account_id,phone,opted_out_at,source\n${OTHER.toUpperCase()},0639980001,2030-01-31 10:00:00.5+01,keyword\n,0639980002,,`,
    );
    assert.deepEqual(first, {
      accountId: OTHER,
      phone: '+33639980001',
      source: 'keyword',
      optedOutAt: new Date('2030-01-31T09:00:00.500Z'),
      inboundId: undefined,
    });
    assert.deepEqual(
      [second?.accountId, second?.source, second?.optedOutAt],
      [ACCOUNT, 'operator', undefined],
    );
  });

  it('reads back what was written, in both forms', () => {
    const optOuts: OptOut[] = [
      {
        accountId: ACCOUNT,
        recipientPhone: '+33639980001',
        optedOutAt: '2030-01-31T09:00:00.123Z',
        source: 'keyword',
        inboundId: 'a "b", c;\nd',
      },
      {
        accountId: OTHER,
        recipientPhone: '+41791234567',
        optedOutAt: '2030-01-31T09:00:00.000Z',
        source: 'api',
      },
    ];
    const expected = optOuts.map(({ recipientPhone, optedOutAt, inboundId, ...row }) => ({
      ...row,
      phone: recipientPhone,
      optedOutAt: new Date(optedOutAt),
      inboundId,
    }));
    const csv = [OPT_OUT_HEAD, ...optOuts.map((optOut) => formatOptOut(optOut, 'csv'))].join('\n');
    const jsonl = optOuts.map((optOut) => formatOptOut(optOut, 'jsonl')).join('\n');
    for (const text of [csv, jsonl])
      assert.deepEqual(
        parseOptOuts(text, { accountId: undefined, source: 'api', defaultRegion: 'FR' }),
        expected,
      );
  });

  for (const [what, text, message] of [
    [
      'a number that is none',
      'phone\n0639980001\nnonsense 0639980',
      /1 of its 2 lines is wrong\. line 3: recipientPhone must be/,
    ],
    ['a line of another length of quotes', 'phone\n"0639980001', /a quote in it is never closed/],
    ['a quote within a field', 'phone\n06"39980001\n', /line 2: recipientPhone/],
    [
      'no column of numbers',
      'name,fax\nA,0639980001',
      /its first line must name the columns, and one of them phone/,
    ],
    ['a bad source', 'phone,source\n0639980001,me', /line 2: source must be keyword, operator or api/],
    [
      'a bad time',
      'phone,opted_out_at\n0639980001,31/01/2030',
      /line 2: optedOutAt must be a time in ISO 8601/,
    ],
    ['a time without a zone', 'phone,opted_out_at\n0639980001,2030-01-31 10:00:00', /line 2: optedOutAt/],
    ['a bad account', 'account_id,phone\nx,0639980001', /line 2: accountId must be a UUID/],
    ['JSON that is none', '{"phone":"0639980001"}\n{"phone":"0639', /line 2 is not a JSON object/],
    [
      'a number in JSON that is a number',
      '{"phone":639980001}',
      /line 1: recipientPhone must be a phone number/,
    ],
  ] as const) {
    it(`is refused with ${what}, and nothing of it is quoted`, () => {
      assert.throws(
        () => read(text),
        (error) =>
          error instanceof SmsError &&
          error.code === 'VALIDATION_FAILED' &&
          message.test(error.message) &&
          !/6?39.?98|nonsense/.test(error.message.replace('06 39', '')),
      );
    });
  }

  it('is refused without an account', () => {
    assert.throws(
      () => parseOptOuts('0639980001', { accountId: undefined, source: 'api', defaultRegion: 'FR' }),
      /line 1: accountId is missing/,
    );
  });

  it('lists ten wrong lines, and counts the others', () => {
    assert.throws(
      () => read(['phone', ...Array.from({ length: 25 }, () => 'x')].join('\n')),
      /25 of its 25 lines are wrong\. line 2: .* line 11: .* and 15 more lines$/,
    );
  });
});
