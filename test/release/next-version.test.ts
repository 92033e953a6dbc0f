import assert from 'node:assert/strict';
import { nextVersion } from '../../scripts/release/next-version.js';

describe('nextVersion', () => {
  for (const [wanted, expected] of [
    ['patch', '1.2.4'],
    ['minor', '1.3.0'],
    ['major', '2.0.0'],
    ['1.2.10', '1.2.10'],
    ['1.10.0', '1.10.0'],
    ['1.2.3', '1.2.3'],
  ] as const) {
    it(`makes ${expected} of 1.2.3 and ${wanted}`, () => {
      assert.equal(nextVersion('1.2.3', wanted, ['v1.2.2']), expected);
    });
  }

  for (const [wanted, tags, reason] of [
    ['1.2.2', [], /below the current version 1\.2\.3/],
    ['0.99.99', [], /below the current version/],
    ['1.2.3', ['v1.2.3'], /tag v1\.2\.3 exists/],
    ['patch', ['v1.2.4'], /tag v1\.2\.4 exists/],
    ['v1.2.4', [], /"v1\.2\.4" is not a version/],
    ['1.2', [], /not a version/],
    ['1.2.4-rc.1', [], /not a version/],
    ['01.2.4', [], /not a version/],
    ['', [], /not a version/],
  ] as const) {
    it(`refuses "${wanted}" after 1.2.3 with the tags [${tags.join(', ')}]`, () => {
      assert.throws(() => nextVersion('1.2.3', wanted, tags), { name: 'ReleaseError', message: reason });
    });
  }

  it('refuses a package.json without a version', () => {
    assert.throws(() => nextVersion('next', 'patch', []), /package\.json has the version "next"/);
  });
});
