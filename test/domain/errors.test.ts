import assert from 'node:assert/strict';
import {
  isSmsRunErrorCode,
  isTransient,
  NON_RETRYABLE,
  sentenceFor,
  SMS_CLIENT_ERRORS,
  SMS_ERRORS,
  SmsError,
  type SmsErrorCode,
  type SmsRunErrorCode,
} from '../../src/domain/errors.js';

/** The contract's table: what is done about each code. */
const CONTRACT: Record<SmsRunErrorCode, 'never' | 'until the deadline' | 'unknown'> = {
  VALIDATION_FAILED: 'never',
  PHONE_NUMBER_INVALID: 'never',
  MESSAGE_REQUIRED: 'never',
  RECIPIENT_OPTED_OUT: 'never',
  API_KEY_REQUIRED: 'never',
  ENCRYPTION_KEY_MISSING: 'never',
  API_KEY_DECRYPTION_FAILED: 'never',
  API_KEY_INVALID: 'never',
  MESSAGE_SEND_FAILED: 'never',
  DATABASE_UNAVAILABLE: 'until the deadline',
  PROVIDER_UNAVAILABLE: 'until the deadline',
  RATE_LIMITED: 'until the deadline',
  SEND_OUTCOME_UNKNOWN: 'unknown',
  MESSAGE_EXPIRED: 'never',
};

/** The codes that the contract adds for the client. */
const CLIENT_CODES = [
  'IDEMPOTENCY_KEY_REUSED',
  'CANCELLED',
  'TERMINATED',
  'TIMED_OUT',
  'NOT_FOUND',
  'NOT_HELD',
  'TEMPORAL_REFUSED',
  'TEMPORAL_UNAVAILABLE',
] as const;

const entries = Object.entries(CONTRACT) as [SmsRunErrorCode, (typeof CONTRACT)[SmsRunErrorCode]][];

describe('the error table', () => {
  it('holds exactly the documented codes', () => {
    assert.deepEqual(Object.keys(SMS_ERRORS).sort(), Object.keys(CONTRACT).sort());
    assert.deepEqual(Object.keys(SMS_CLIENT_ERRORS).sort(), [...CLIENT_CODES].sort());
  });

  it('makes final errors, and those after a possible send, non-retryable', () => {
    const expected = entries.filter(([, retried]) => retried !== 'until the deadline').map(([code]) => code);
    assert.deepEqual([...NON_RETRYABLE].sort(), expected.sort());
    assert.ok(NON_RETRYABLE.includes('SEND_OUTCOME_UNKNOWN'));
  });

  for (const [code, retried] of entries) {
    it(`${retried === 'until the deadline' ? 'lets' : 'does not let'} ${code} pass`, () => {
      assert.equal(isTransient(code), retried === 'until the deadline');
      assert.equal(isSmsRunErrorCode(code), true);
    });
  }

  it('never calls a possible send safe to repeat', () => {
    assert.equal(SMS_ERRORS.SEND_OUTCOME_UNKNOWN.retried, 'after-reconciliation');
  });

  it('has a whole sentence for every code', () => {
    const codes: SmsErrorCode[] = [...entries.map(([code]) => code), ...CLIENT_CODES];
    for (const code of codes) assert.match(sentenceFor(code), /^[A-Z].*\.$/, code);
  });

  for (const other of [
    'Error',
    'ApplicationFailure',
    'toString',
    '__proto__',
    'CANCELLED',
    '',
    undefined,
    7,
  ]) {
    it(`does not accept ${JSON.stringify(other)} as a run’s code`, () => {
      assert.equal(isSmsRunErrorCode(other), false);
    });
  }
});

describe('SmsError', () => {
  it('carries its code, the code’s sentence and empty details', () => {
    const error = new SmsError('API_KEY_REQUIRED');
    assert.ok(error instanceof Error);
    assert.equal(error.name, 'SmsError');
    assert.equal(error.code, 'API_KEY_REQUIRED');
    assert.equal(error.message, SMS_ERRORS.API_KEY_REQUIRED.sentence);
    assert.deepEqual(error.details, {});
    assert.equal(error.workflowId, undefined);
    assert.equal('cause' in error, false);
  });

  it('carries the given message, details and cause', () => {
    const cause = new Error('why');
    const error = new SmsError('NOT_FOUND', {
      message: 'Gone.',
      details: { attempt: 2 },
      workflowId: 'sms-1',
      cause,
    });
    assert.equal(error.message, 'Gone.');
    assert.deepEqual(error.details, { attempt: 2 });
    assert.equal(error.workflowId, 'sms-1');
    assert.equal(error.cause, cause);
  });
});
