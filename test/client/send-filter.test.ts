import assert from 'node:assert/strict';
import type { SendFilter } from '../../src/client.js';
import { toVisibilityQuery } from '../../src/client/send-filter.js';
import { quote } from '../../src/domain/visibility-query.js';
import { SmsError } from '../../src/domain/errors.js';

const context = { recipientKeys: () => ['aa', 'bb'], defaultRegion: 'FR' } as const;
const queryOf = (filter: SendFilter) => toVisibilityQuery(filter, context);
const accountId = '6F1C1F3E-8c1b-4f5e-9d0a-3b8f5f1c2d4e';

describe('the query of a list of sends', () => {
  it('finds sends only', () => {
    assert.equal(queryOf({}), "WorkflowType = 'sendSmsWorkflow'");
  });

  it('combines all filters', () => {
    assert.equal(
      queryOf({
        huntId: 'hunt-7',
        adId: 'ad:1',
        leadId: 'lead_42',
        accountId,
        errorCode: 'API_KEY_REQUIRED',
        status: 'failed',
        since: new Date(0),
        until: new Date(1),
        endedBefore: new Date(2),
      }),
      [
        "WorkflowType = 'sendSmsWorkflow'",
        "SmsHuntId = 'hunt-7'",
        "SmsAdId = 'ad:1'",
        "SmsLeadId = 'lead_42'",
        "SmsAccountId = '6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e'",
        "ExecutionStatus = 'Failed'",
        "SmsErrorCode = 'API_KEY_REQUIRED'",
        "StartTime >= '1970-01-01T00:00:00.000Z'",
        "StartTime < '1970-01-01T00:00:00.001Z'",
        "CloseTime < '1970-01-01T00:00:00.002Z'",
      ].join(' AND '),
    );
  });

  it('refuses invalid dates', () => {
    for (const since of [
      new Date(Number.NaN),
      new Date(-1),
      new Date(8.64e15),
      '2030-01-01' as unknown as Date,
    ]) {
      assert.throws(() => queryOf({ since }), /since must be a valid Date after 1970/);
    }
  });

  it('finds sends to any allowed number', () => {
    for (const to of ['01 45 67 89 01', '+33 692 12 34 56', '0899 12 34 56']) {
      assert.match(queryOf({ to }), /SmsRecipientKey IN \('aa', 'bb'\)/);
    }
  });

  it('holds the digest of a number under every key, and never the number', () => {
    const query = queryOf({ to: '06 39 98 00 42' });
    assert.match(query, /SmsRecipientKey IN \('aa', 'bb'\)/);
    assert.doesNotMatch(query, /39980042|639/);
  });

  for (const [name, filter] of Object.entries({
    huntId: { huntId: "x' OR WorkflowType = 'y" },
    adId: { adId: "x'" },
    leadId: { leadId: 'x\\' },
    'an empty id': { leadId: '' },
    accountId: { accountId: `${accountId}' OR 1=1` },
    status: { status: "failed' OR '1'='1" },
    'status from a prototype': { status: 'constructor' },
    errorCode: { errorCode: "API_KEY_REQUIRED' OR 'a'='a" },
    'errorCode from a prototype': { errorCode: 'toString' },
    since: { since: new Date(Number.NaN) },
    'until, which is text': { until: "1' OR '1'='1" },
  })) {
    it(`refuses a hostile value without repeating it: ${name}`, () => {
      assert.throws(
        () => queryOf(filter as SendFilter),
        (error) =>
          error instanceof SmsError && error.code === 'VALIDATION_FAILED' && !/OR|'/.test(error.message),
      );
    });
  }

  it('refuses an invalid number without repeating it', () => {
    assert.throws(
      () => queryOf({ to: "0639980042' OR '1'='1" }),
      (error) =>
        error instanceof SmsError &&
        error.code === 'PHONE_NUMBER_INVALID' &&
        !error.message.includes('39980042'),
    );
  });

  it('quotes values so that none ends its string', () => {
    assert.equal(quote(String.raw`a'b\c`), String.raw`'a\'b\\c'`);
  });
});
