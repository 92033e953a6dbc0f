import assert from 'node:assert/strict';
import { SmsError } from '../../src/domain/errors.js';
import { createPorts, createRunner, failureOf, RUN, SECRETS } from './activity-fixture.js';

describe('loadEncryptedApiKey', () => {
  it('returns the encrypted key of the requested account', async () => {
    const asked: string[] = [];
    const runner = createRunner(
      createPorts({
        accounts: {
          findEncryptedApiKey: (accountId) => {
            asked.push(accountId);
            return Promise.resolve({ encryptedApiKey: SECRETS.encryptedApiKey });
          },
        },
      }),
    );
    assert.deepEqual(await runner.load(), { encryptedApiKey: SECRETS.encryptedApiKey });
    assert.deepEqual(asked, ['account-1']);
  });

  for (const [what, stored] of [
    ['missing', undefined],
    ['empty', ''],
  ] as const) {
    it(`fails with API_KEY_REQUIRED for good when the key is ${what}`, async () => {
      const found = stored === undefined ? undefined : { encryptedApiKey: stored };
      const accounts = { findEncryptedApiKey: () => Promise.resolve(found) };
      const failure = await failureOf(createRunner(createPorts({ accounts })).load(), 'API_KEY_REQUIRED');
      assert.equal(failure.nonRetryable, true);
      assert.deepEqual(failure.details, [{}]);
    });
  }

  it('fails with DATABASE_UNAVAILABLE, retried, and keeps the reason', async () => {
    const accounts = {
      findEncryptedApiKey: () =>
        Promise.reject(new SmsError('DATABASE_UNAVAILABLE', { message: 'PostgreSQL is not there.' })),
    };
    const failure = await failureOf(createRunner(createPorts({ accounts })).load(), 'DATABASE_UNAVAILABLE');
    assert.equal(failure.nonRetryable, false);
    assert.equal(failure.message, 'PostgreSQL is not there.');
    assert.equal(failure.cause, undefined);
  });

  it('passes on an unknown error unchanged, so that the workflow does not take it for its own', async () => {
    const unexpected = new TypeError('a bug');
    const accounts = { findEncryptedApiKey: () => Promise.reject(unexpected) };
    await assert.rejects(createRunner(createPorts({ accounts })).load(), unexpected);
  });
});

describe('decryptApiKey', () => {
  it('returns the key sealed for this workflow and its original run', async () => {
    const owners: unknown[] = [];
    const cipher = {
      reseal: (encrypted: string, owner: unknown) => {
        assert.equal(encrypted, SECRETS.encryptedApiKey);
        owners.push(owner);
        return 'v1.x';
      },
      unseal: () => assert.fail('it opens nothing'),
    };
    // In a run that was reset, the owner stays the original run.
    const runner = createRunner(createPorts({ cipher }), 'run-after-reset');
    assert.deepEqual(await runner.decrypt(), { sealedApiKey: 'v1.x' });
    assert.deepEqual(owners, [{ workflowId: RUN.workflowId, originalRunId: RUN.runId }]);
  });

  it('fails with ENCRYPTION_KEY_MISSING for good where the worker has no key', async () => {
    const runner = createRunner(createPorts({ cipher: undefined }));
    const failure = await failureOf(runner.decrypt(), 'ENCRYPTION_KEY_MISSING');
    assert.equal(failure.nonRetryable, true);
  });

  it('fails with API_KEY_DECRYPTION_FAILED for good where the API-key cipher does', async () => {
    const fail = (): never => {
      throw new SmsError('API_KEY_DECRYPTION_FAILED');
    };
    const runner = createRunner(createPorts({ cipher: { reseal: fail, unseal: fail } }));
    assert.equal((await failureOf(runner.decrypt(), 'API_KEY_DECRYPTION_FAILED')).nonRetryable, true);
  });
});

describe('computeRecipientKey', () => {
  it('returns the digest of the number', async () => {
    assert.deepEqual(await createRunner(createPorts()).digest(), { recipientKey: 'digest of 12 characters' });
  });
});
