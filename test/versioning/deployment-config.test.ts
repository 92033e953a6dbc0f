import assert from 'node:assert/strict';
import { ConfigError, readWorkerConfig, type Environment } from '../../src/config.js';
import { toDeploymentOptions } from '../../src/worker/versioning.js';

const KEY = 'a1'.repeat(32);
const ENV: Environment = {
  DATABASE_URL: 'postgres://worker:secret@db.example:5432/web',
  SMS_API_KEY_ENCRYPTION_KEY: KEY,
  SMS_PAYLOAD_KEYS: `k1:${KEY}`,
};

const read = (env: Environment) => readWorkerConfig({ ...ENV, ...env }).deployment;

function problemsOf(env: Environment): readonly string[] {
  try {
    read(env);
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.problems : [String(error)];
  }
}

describe('the build of a worker', () => {
  it('is none without the two variables, or with empty ones', () => {
    assert.equal(read({}), undefined);
    assert.equal(read({ SMS_WORKER_DEPLOYMENT: '', SMS_WORKER_BUILD_ID: '' }), undefined);
  });

  it('is read from both variables', () => {
    const deployment = read({ SMS_WORKER_DEPLOYMENT: 'durable-sms', SMS_WORKER_BUILD_ID: '1.4.0-ab12cd3' });
    assert.deepEqual(deployment, { name: 'durable-sms', buildId: '1.4.0-ab12cd3' });
  });

  it('is refused with only one, naming the other', () => {
    const both = 'required because the other of SMS_WORKER_DEPLOYMENT and SMS_WORKER_BUILD_ID is set';
    assert.deepEqual(problemsOf({ SMS_WORKER_DEPLOYMENT: 'sms' }), [`SMS_WORKER_BUILD_ID: ${both}`]);
    assert.deepEqual(problemsOf({ SMS_WORKER_BUILD_ID: '1' }), [`SMS_WORKER_DEPLOYMENT: ${both}`]);
  });

  it('is refused in a form that Temporal would refuse, without printing it', () => {
    for (const name of ['__sms', 'sms.eu', 'sms:eu', 'sms eu', 'x'.repeat(129)]) {
      const [problem = '', ...others] = problemsOf({ SMS_WORKER_DEPLOYMENT: name, SMS_WORKER_BUILD_ID: '1' });
      assert.match(problem, /^SMS_WORKER_DEPLOYMENT: must be /);
      assert.ok(!problem.includes(name));
      assert.deepEqual(others, []);
    }
    for (const buildId of ['__1', 'a:b', 'a b', 'x'.repeat(129)]) {
      const [problem = ''] = problemsOf({ SMS_WORKER_DEPLOYMENT: 'sms', SMS_WORKER_BUILD_ID: buildId });
      assert.match(problem, /^SMS_WORKER_BUILD_ID: must be /);
    }
  });

  it('pins runs', () => {
    assert.deepEqual(toDeploymentOptions({ name: 'sms', buildId: '1' }), {
      version: { deploymentName: 'sms', buildId: '1' },
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'PINNED',
    });
  });
});
