import assert from 'node:assert/strict';
import { ServiceError, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { RetryState, TerminatedFailure, TimeoutFailure, TimeoutType } from '@temporalio/common';
import { SmsError } from '../../src/domain/errors.js';
import { translateTemporalError } from '../../src/client/temporal-errors.js';

/** What the client SDK throws for a gRPC status: its own error, with grpc-js's as its cause. */
function grpcError(code: number): ServiceError {
  const cause = Object.assign(new Error(`${code} FAILED: words of the server`), {
    ...{ code, details: 'words of the server', metadata: {} },
  });
  return new ServiceError('Failed to start Workflow', { cause });
}

describe('an error of the Temporal client', () => {
  for (const [code, words] of [
    [3, /npx durable-sms setup/],
    [4, /in time/],
    [5, /namespace/],
    [7, /denies the permission: check API key or client certificate, and namespace/],
    [8, /overloaded/],
    [14, /cannot be reached/],
    [16, /does not accept the credentials: check API key or client certificate/],
    [13, /gRPC status 13/],
  ] as const) {
    it(`with gRPC status ${code} is TEMPORAL_UNAVAILABLE, in a sentence that says what to do`, () => {
      const error = translateTemporalError(grpcError(code), 'send-1');
      assert.ok(error instanceof SmsError);
      assert.equal(error.code, 'TEMPORAL_UNAVAILABLE');
      assert.equal(error.workflowId, 'send-1');
      assert.match(error.message, words);
      assert.ok(!error.message.includes('words of the server'));
    });
  }

  it('that says that there is no such workflow is NOT_FOUND', () => {
    const error = translateTemporalError(new WorkflowNotFoundError('x', 'send-1', undefined), 'send-1');
    assert.ok(error instanceof SmsError);
    assert.equal(error.code, 'NOT_FOUND');
    assert.match(error.message, /npx durable-sms list --lead ID\.$/);
  });

  for (const [code, cause] of [
    ['TERMINATED', new TerminatedFailure('terminated')],
    ['TIMED_OUT', new TimeoutFailure('timed out', undefined, TimeoutType.START_TO_CLOSE)],
  ] as const) {
    it(`that says that a run was cut off is ${code}: maybe sent`, () => {
      const failed = new WorkflowFailedError('x', cause, RetryState.TIMEOUT);
      const error = translateTemporalError(failed, 'send-1');
      assert.ok(error instanceof SmsError);
      assert.equal(error.code, code);
      assert.match(error.message, /may have been sent/);
      assert.equal(error.details.maybeSent, true);
    });
  }

  it('that is none of ours is passed on', () => {
    const error = new TypeError('a bug');
    assert.equal(translateTemporalError(error), error);
  });
});
