import assert from 'node:assert/strict';
import { UnknownPlaceError } from '../../tools/simulator/find-place.js';
import { KEY, readList, sendAndRead, useSimulator } from './simulator-fixture.js';

const AT_MS = Date.UTC(2026, 10, 22, 9, 5);

describe('simulator: phones', () => {
  let now = AT_MS;
  const simulator = useSimulator({
    now: () => now,
    apiKeys: [
      {
        key: KEY,
        label: 'anna',
        phones: [
          { id: 'p1', label: 'Pixel' },
          { id: 'p2', label: 'Fairphone' },
        ],
      },
    ],
  });
  beforeEach(() => {
    now = AT_MS;
  });
  const list = () => readList(simulator(), 'phones');
  const sendFrom = async (fields: Record<string, string>) =>
    (await sendAndRead(simulator(), fields)).body.result;

  it('are listed with their state', async () => {
    simulator().setPhone('p2', { online: false, battery: 4, version: '4.1.0' });
    now += 60_000;
    assert.deepEqual(await list(), [
      {
        sid: 'p1',
        label: 'Pixel',
        online: '1',
        battery: '87',
        version: '4.2.0',
        last_seen: '2026-11-22 09:06:00',
      },
      {
        sid: 'p2',
        label: 'Fairphone',
        online: '0',
        battery: '4',
        version: '4.1.0',
        last_seen: '2026-11-22 09:05:00',
      },
    ]);
  });

  it('are found by sid and search', async () => {
    assert.equal((await readList(simulator(), 'phones', { sid: 'p2' })).length, 1);
    assert.equal((await readList(simulator(), 'phones', { search: 'Pix' }))[0]?.['sid'], 'p1');
  });

  it('are listed in the chosen dialect', async () => {
    simulator().setDialects({
      phones: {
        list: 'mobile',
        id: 'sIdentifiantPhone',
        label: 'name',
        online: 'status',
        onlineForm: 'word',
        battery: 'percent',
        lastSeen: 'timestamp_unix',
      },
    });
    assert.deepEqual((await list())[0], {
      sIdentifiantPhone: 'p1',
      name: 'Pixel',
      status: 'online',
      battery: '87%',
      version: '4.2.0',
      timestamp_unix: String(AT_MS / 1_000),
    });
    simulator().setDialects({ phones: { online: 'none', battery: 'none', lastSeen: 'none' } });
    assert.deepEqual((await list())[0], { sIdentifiantPhone: 'p1', name: 'Pixel', version: '4.2.0' });
  });

  it('send nothing while offline: error 2, or the first phone that is online', async () => {
    simulator().setPhone('p1', { online: false });
    assert.equal((await sendFrom({ sIdentifiant: 'p1' }))['error'], 2);
    assert.equal(simulator().requests()[0]?.outcome, 'phone offline');
    assert.equal((await sendFrom({}))['error'], 0);
    assert.equal((await simulator().waitForMessage()).sendingPhoneId, 'p2');
    simulator().setPhone('p2', { online: false });
    assert.equal((await sendFrom({}))['error'], 2);
    simulator().setPhone('p1', { online: true });
    assert.equal((await sendFrom({}))['error'], 0);
    assert.equal(simulator().messages().length, 2);
  });

  it('are all online again after reset()', async () => {
    simulator().setPhone('p1', { online: false });
    simulator().reset();
    assert.equal((await list())[0]?.['online'], '1');
  });

  it('are refused when there is none of that id', () => {
    assert.throws(() => simulator().setPhone('p9', { online: false }), UnknownPlaceError);
    assert.throws(
      () => simulator().setPhone('p1', { online: false, accountLabel: 'ben' }),
      UnknownPlaceError,
    );
  });
});
