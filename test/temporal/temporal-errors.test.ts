import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { ServiceError, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { RetryState, TerminatedFailure, TimeoutFailure, TimeoutType } from '@temporalio/common';
import { SmsError } from '../../src/domain/errors.js';
import { translateTemporalError } from '../../src/temporal/temporal-errors.js';

/** What the client SDK throws for a gRPC status: its own error, with grpc-js's as its cause. */
function grpcError(code: number, details = 'words of the server'): ServiceError {
  const cause = Object.assign(new Error(`${code} FAILED: words of the server`), {
    code,
    details,
    metadata: {},
  });
  return new ServiceError('Failed to start Workflow', { cause });
}

describe('an error of the Temporal client', () => {
  for (const [status, code, words] of [
    [1, 'TEMPORAL_UNAVAILABLE', /The call ended/],
    [2, 'TEMPORAL_UNAVAILABLE', /gRPC status 2/],
    [3, 'TEMPORAL_REFUSED', /npx durable-sms setup/],
    [4, 'TEMPORAL_UNAVAILABLE', /in time/],
    [5, 'TEMPORAL_REFUSED', /namespace/],
    [7, 'TEMPORAL_REFUSED', /denies permission: check the API key or client certificate, and the namespace/],
    [8, 'TEMPORAL_UNAVAILABLE', /overloaded/],
    [9, 'TEMPORAL_UNAVAILABLE', /worker/],
    [10, 'TEMPORAL_UNAVAILABLE', /gRPC status 10/],
    [12, 'TEMPORAL_REFUSED', /does not know this call/],
    [13, 'TEMPORAL_UNAVAILABLE', /gRPC status 13/],
    [14, 'TEMPORAL_UNAVAILABLE', /cannot be reached/],
    [16, 'TEMPORAL_REFUSED', /rejects the credentials: check the API key or client certificate/],
  ] as const) {
    it(`with gRPC status ${status} is ${code}, in a sentence that says what to do`, () => {
      const error = translateTemporalError(grpcError(status));
      assert.equal(error.code, code);
      assert.deepEqual(error.details, { grpcStatus: status });
      assert.match(error.message, words);
      assert.ok(!error.message.includes('words of the server'));
    });
  }

  it('names the send concerned', () => {
    assert.equal(translateTemporalError(grpcError(14), 'send-1').workflowId, 'send-1');
  });

  for (const details of [
    'No connection established. Last error: Error: self-signed certificate. Resolution note: ',
    'No connection established. Last error: Error: 80:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:',
    'No connection established. Last error: unable to verify the first certificate',
  ]) {
    it(`is TEMPORAL_REFUSED when TLS negotiation fails: ${details.slice(40, 75)}`, () => {
      const error = translateTemporalError(grpcError(14, details));
      assert.equal(error.code, 'TEMPORAL_REFUSED');
      assert.match(error.message, /^TLS with the Temporal server fails/);
    });
  }

  it('about an unknown workflow is NOT_FOUND', () => {
    const error = translateTemporalError(new WorkflowNotFoundError('x', 'send-1', undefined), 'send-1');
    assert.ok(error instanceof SmsError);
    assert.equal(error.code, 'NOT_FOUND');
    assert.match(error.message, /npx durable-sms list --lead ID\.$/);
  });

  for (const [code, cause] of [
    ['TERMINATED', new TerminatedFailure('terminated')],
    ['TIMED_OUT', new TimeoutFailure('timed out', undefined, TimeoutType.START_TO_CLOSE)],
  ] as const) {
    it(`about an interrupted run is ${code}, maybe sent`, () => {
      const failed = new WorkflowFailedError('x', cause, RetryState.TIMEOUT);
      const error = translateTemporalError(failed, 'send-1');
      assert.ok(error instanceof SmsError);
      assert.equal(error.code, code);
      assert.match(error.message, /may have been sent/);
      assert.equal(error.details.maybeSent, true);
    });
  }

  it('that is unknown becomes one fixed sentence, and nothing of it is passed on', () => {
    const secret = new Error('Metadata string value "Bearer key" contains illegal characters');
    for (const unknown of [
      secret,
      new ServiceError('Unexpected error', { cause: secret }),
      'Bearer key',
      undefined,
    ]) {
      const error = translateTemporalError(unknown, 'send-1');
      assert.equal(error.code, 'TEMPORAL_UNAVAILABLE');
      assert.equal(
        error.message,
        'The request to Temporal failed for an unknown reason. Its message may contain secrets and is not shown.',
      );
      assert.equal(error.cause, undefined);
      assert.ok(!inspect(error, { depth: null, showHidden: true }).includes('Bearer'));
    }
  });

  it('that wraps one of ours is unwrapped, however the Temporal client wraps it', () => {
    const ours = new SmsError('TEMPORAL_REFUSED');
    assert.equal(translateTemporalError(new ServiceError('Unexpected error', { cause: ours })), ours);
  });
});
