import assert from 'node:assert/strict';
import { describeUnusedProxy } from '../../src/worker/proxy-support.js';

const PROXY = { HTTPS_PROXY: 'http://user:secret@proxy.example:3128' };
const ON = { ...PROXY, NODE_USE_ENV_PROXY: '1' };

describe('the warning about an unused outbound proxy', () => {
  for (const version of ['v22.21.0', 'v22.23.5', 'v24.0.0', 'v25.1.0']) {
    it(`is absent when Node.js ${version} uses the proxy`, () => {
      assert.equal(describeUnusedProxy(ON, { version, execArgv: [] }), undefined);
      assert.equal(describeUnusedProxy(PROXY, { version, execArgv: ['--use-env-proxy'] }), undefined);
      const env = { ...PROXY, NODE_OPTIONS: '--max-old-space-size=512  --use-env-proxy' };
      assert.equal(describeUnusedProxy(env, { version, execArgv: [] }), undefined);
    });
  }

  for (const version of ['v20.20.2', 'v22.20.0', 'v23.11.0']) {
    it(`names the variables that Node.js ${version} ignores, but no address`, () => {
      for (const env of [ON, PROXY, { http_proxy: PROXY.HTTPS_PROXY }, { NODE_USE_ENV_PROXY: '1' }]) {
        const warning = describeUnusedProxy(env, { version, execArgv: [] }) ?? assert.fail();
        for (const name of Object.keys(env)) assert.ok(warning.includes(name), warning);
        assert.ok(warning.includes(version) && warning.includes('22.21'), warning);
        assert.ok(!/secret|example/.test(warning), warning);
      }
    });
  }

  it('says what is missing when only the proxy is set', () => {
    for (const value of [undefined, '', '0', 'true']) {
      const env = { ...PROXY, NODE_USE_ENV_PROXY: value };
      const warning = describeUnusedProxy(env, { version: 'v24.1.0', execArgv: [] });
      assert.match(warning ?? '', /HTTPS_PROXY only with NODE_USE_ENV_PROXY=1/);
    }
  });

  it('is absent without a proxy', () => {
    for (const version of ['v20.20.2', 'v24.1.0']) {
      assert.equal(
        describeUnusedProxy({ HTTPS_PROXY: '', PATH: '/bin' }, { version, execArgv: [] }),
        undefined,
      );
    }
  });
});
