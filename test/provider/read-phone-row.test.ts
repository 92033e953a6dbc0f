import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readPhoneRow } from '../../src/provider/read-phone-row.js';
import { readPhonesOf } from './inbox-server.js';
import { sendBody, startLogServer } from './sent-messages-server.js';

const NOW = Date.UTC(2026, 10, 22, 12);
const read = (row: unknown) => readPhoneRow(row, NOW);
const show = (value: unknown) => JSON.stringify(value);

describe('a row of the list of phones', () => {
  for (const row of [null, 'p1', 7, [], {}, { label: 'Pixel' }, { sid: '' }, { sid: {} }]) {
    it(`has no id when it is ${show(row)}`, () => {
      assert.equal(read(row), undefined);
    });
  }

  for (const [fields, expected] of [
    [{ sIdentifiant: 17 }, { phoneId: '17' }],
    [{ sid: 'a', id: '1' }, { phoneId: 'a' }],
    [{ id: '1' }, { phoneId: '1' }],
    [
      { sid: 'a', name: 'Pixel', phone: '+33639980001' },
      { phoneId: 'a', label: 'Pixel' },
    ],
    [
      { sid: 'a', battery_level: '4 %' },
      { phoneId: 'a', battery: 4 },
    ],
    [{ sid: 'a', battery: 250 }, { phoneId: 'a' }],
    [{ sid: 'a', battery: 'full' }, { phoneId: 'a' }],
    [{ sid: 'a', last_seen: '0000-00-00 00:00:00' }, { phoneId: 'a' }],
    [
      { sid: 'a', is_online: true },
      { phoneId: 'a', online: true },
    ],
    [
      { sid: 'a', connected: false },
      { phoneId: 'a', online: false },
    ],
    [
      { sid: 'a', status: 'Connected' },
      { phoneId: 'a', online: true },
    ],
    [
      { sid: 'a', status: 'not_connected' },
      { phoneId: 'a', online: false },
    ],
    [{ sid: 'a', status: 'paused' }, { phoneId: 'a' }],
    [{ sid: 'a', online: '1', status: 'offline' }, { phoneId: 'a' }],
    [
      { sid: 'a', online: 0, status: 'offline' },
      { phoneId: 'a', online: false },
    ],
  ] as const) {
    it(`is read from ${show(fields)}`, () => {
      assert.deepEqual(read(fields), expected);
    });
  }

  it('never throws', () => {
    const names = fc.constantFrom('sid', 'label', 'online', 'status', 'battery', 'last_seen', 'version');
    fc.assert(
      fc.property(fc.oneof(fc.dictionary(names, fc.jsonValue()), fc.jsonValue()), (row) => {
        read(row);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the list of phones', () => {
  for (const [name, result, expected] of [
    ['no phone', { mobiles: [] }, { kind: 'read', phones: [], skipped: 0 }],
    [
      'one phone without a list',
      { mobile: { sid: 'a' } },
      { kind: 'read', phones: [{ phoneId: 'a' }], skipped: 0 },
    ],
    [
      'a row without id',
      { mobiles: [{ sid: 'a' }, {}] },
      { kind: 'read', phones: [{ phoneId: 'a' }], skipped: 1 },
    ],
    [
      'rows without id',
      { mobiles: [{ label: 'a' }] },
      {
        kind: 'unreadable',
        code: 'PROVIDER_UNAVAILABLE',
        reason: 'no row of the list of phones can be read',
      },
    ],
  ] as const) {
    it(`is read with ${name}`, async () => {
      const server = await startLogServer((reply) => {
        sendBody(reply, JSON.stringify({ result }));
      });
      assert.deepEqual(await readPhonesOf(server.url), expected);
      assert.equal(server.requests[0]?.path, '/gateway/mobile/list/');
      await server.close();
    });
  }
});
