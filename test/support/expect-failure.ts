import assert from 'node:assert/strict';
import { SmsError, type SmsErrorCode } from '../../src/domain/errors.js';

/** Asserts that a promise is rejected with an SmsError of this code, and returns it. */
export async function expectSmsError(promise: Promise<unknown>, code: SmsErrorCode): Promise<SmsError> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof SmsError, `not an SmsError: ${String(error)}`);
    assert.equal(error.code, code);
    return error;
  }
  assert.fail(`expected ${code}, but nothing failed`);
}
