import assert from 'node:assert/strict';
import { omitUndefined } from '../../src/domain/omit-undefined.js';

interface Target {
  readonly name: string;
  readonly size?: number;
  readonly isOpen?: false;
}

describe('omitUndefined', () => {
  it('leaves out what is undefined, and only that', () => {
    const values = { name: '', size: undefined, isOpen: false as const, nothing: null, zero: 0 };
    assert.deepEqual(omitUndefined(values), { name: '', isOpen: false, nothing: null, zero: 0 });
    assert.deepEqual(omitUndefined({}), {});
  });

  it('makes optional properties absent by its type, and keeps required ones required', () => {
    const size = [7].at(1);
    const target: Target = omitUndefined({ name: 'a', size });
    assert.equal('size' in target, false);
    // @ts-expect-error -- under exactOptionalPropertyTypes, a property that may be undefined is not an optional one
    const wrong: Target = { name: 'a', size };
    assert.equal('size' in wrong, true);
    const name = ['a'].at(1);
    // @ts-expect-error -- a required property must not be left out
    const incomplete: Target = omitUndefined({ name, size });
    assert.deepEqual(incomplete, {});
  });
});
