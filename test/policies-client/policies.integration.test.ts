import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSmsPolicies, DEFAULT_SENDING_POLICY, type SmsPolicies } from '../../src/policies-client.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { asRole, onDatabase } from '../db/database-fixture.js';
import { expectSmsError } from '../support/expect-failure.js';
import { ROOT } from '../support/run-node.js';
import { createWebAppDatabase } from '../support/shared-parts.js';
import { addOutreach, addReply } from './policy-records.js';

const collect = async <T>(rows: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const row of rows) all.push(row);
  return all;
};

const PHONE = '+33639980001';
const OTHER_PHONE = '+33639980002';

describe('the policies of a web app', () => {
  let url: string;
  let policies: SmsPolicies;
  let accountId: string;
  before(async () => {
    url = await createWebAppDatabase();
    policies = createSmsPolicies({ databaseUrl: url });
  });
  beforeEach(() => (accountId = randomUUID()));
  after(() => policies.close());

  describe('opt-outs', () => {
    it('are added once, however the number is written, and removed', async () => {
      const { optOuts } = policies;
      const recipient = { accountId, recipientPhone: '06 39 98 00 01' };
      assert.equal(await optOuts.has(recipient), false);
      assert.deepEqual(await optOuts.add(recipient), { added: true });
      const again = { accountId: accountId.toUpperCase(), recipientPhone: 'tel:+33-6-39-98-00-01' };
      assert.deepEqual(await optOuts.add({ ...again, source: 'operator' }), { added: false });
      assert.equal(await optOuts.has(again), true);
      assert.equal(await optOuts.has({ accountId: randomUUID(), recipientPhone: PHONE }), false);
      const [listed, ...others] = await collect(optOuts.list({ accountId }));
      assert.deepEqual(others, []);
      assert.match(listed?.optedOutAt ?? '', /^\d{4}-.*Z$/);
      assert.deepEqual(
        { ...listed, optedOutAt: '' },
        { accountId, recipientPhone: PHONE, source: 'api', optedOutAt: '' },
      );
      assert.deepEqual(await optOuts.remove(again), { removed: true });
      assert.deepEqual(await optOuts.remove(again), { removed: false });
      assert.equal(await optOuts.has(recipient), false);
    });

    it('are added once by many at once', async () => {
      const all = Array.from({ length: 40 }, (_, i) => ({
        accountId,
        recipientPhone: `+336399807${String(i).padStart(2, '0')}`,
      }));
      const results = await Promise.all(
        Array.from({ length: 8 }, (_, i) => policies.optOuts.addAll(i % 2 === 0 ? all : all.toReversed())),
      );
      assert.equal(results.flatMap(({ added }) => added).length, 40);
      assert.equal((await collect(policies.optOuts.list({ accountId }))).length, 40);
    });

    it('are listed page by page, the newest first, by account, number and time', async () => {
      const at = (minute: number) => new Date(Date.UTC(2030, 0, 1, 12, minute));
      const recipients = Array.from({ length: 7 }, (_, i) => ({
        accountId,
        recipientPhone: `+3363998010${i}`,
        // Three of each minute: pages end within one.
        optedOutAt: at(Math.floor(i / 3)),
      }));
      await policies.optOuts.addAll(recipients);
      await policies.optOuts.add({ accountId: randomUUID(), recipientPhone: '+33639980100' });
      for (const pageSize of [1, 2, 3, 500]) {
        const rows = await collect(policies.optOuts.list({ accountId, pageSize }));
        assert.deepEqual(
          rows.map(({ optedOutAt }) => new Date(optedOutAt).getUTCMinutes()),
          [2, 1, 1, 1, 0, 0, 0],
        );
        assert.equal(new Set(rows.map(({ recipientPhone }) => recipientPhone)).size, 7);
      }
      const some = await collect(policies.optOuts.list({ accountId, since: at(1), until: at(2) }));
      assert.equal(some.length, 3);
      const ofNumber = await collect(policies.optOuts.list({ recipientPhone: '06 39 98 01 00' }));
      assert.equal(ofNumber.length, 2);
      assert.equal(
        (await collect(policies.optOuts.list({ accountId, recipientPhone: '06 39 98 01 00' }))).length,
        1,
      );
    });

    it('go out to a list and come back from it', async () => {
      const { optOuts } = policies;
      const optedOutAt = new Date('2030-01-31T09:00:00.123Z');
      await optOuts.addAll([
        { accountId, recipientPhone: PHONE, source: 'keyword', inboundId: 'a,"b"', optedOutAt },
        { accountId, recipientPhone: OTHER_PHONE, optedOutAt },
      ]);
      const before = await collect(optOuts.list({ accountId }));
      for (const format of ['csv', 'jsonl'] as const) {
        const text = (await collect(optOuts.export(format, { accountId }))).join('\n');
        assert.deepEqual(await optOuts.import(text), { added: [], existing: 2 });
        for (const { recipientPhone } of before) await optOuts.remove({ accountId, recipientPhone });
        assert.equal((await optOuts.import(text)).added.length, 2);
        assert.deepEqual(await collect(optOuts.list({ accountId })), before);
      }
    });

    it('are not written at all if one of many is wrong', async () => {
      const all = [
        { accountId, recipientPhone: PHONE },
        { accountId, recipientPhone: 'nonsense 0639980099' },
      ];
      const error = await expectSmsError(policies.optOuts.addAll(all), 'PHONE_NUMBER_INVALID');
      assert.doesNotMatch(error.message, /nonsense|39980099/);
      await expectSmsError(policies.optOuts.import(`${PHONE}\nnonsense`, { accountId }), 'VALIDATION_FAILED');
      assert.deepEqual(await collect(policies.optOuts.list({ accountId })), []);
    });
  });

  describe('replies that may be opt-outs', () => {
    it('wait, the oldest first, until they are confirmed or dismissed', async () => {
      const { optOuts } = policies;
      const ids = [randomUUID(), randomUUID(), randomUUID()] as const;
      await addReply(url, { accountId, id: ids[0], phone: PHONE, minutesAgo: 5, message: 'Non merci' });
      await addReply(url, { accountId, id: ids[1], phone: PHONE, minutesAgo: 4 });
      await addReply(url, { accountId, id: ids[2], phone: OTHER_PHONE, minutesAgo: 9, message: null });
      await addReply(url, { accountId, id: randomUUID(), phone: OTHER_PHONE, kind: 'message' });
      for (const pageSize of [1, 2, 500]) {
        const waiting = await collect(optOuts.possible({ accountId, pageSize }));
        assert.deepEqual(
          waiting.map(({ id, message }) => [id, message]),
          [
            [ids[2], undefined],
            [ids[0], 'Non merci'],
            [ids[1], 'Reply'],
          ],
        );
      }
      assert.deepEqual(await optOuts.dismiss(ids[2]), { accountId, recipientPhone: OTHER_PHONE });
      assert.equal(await optOuts.has({ accountId, recipientPhone: OTHER_PHONE }), false);
      assert.deepEqual(await optOuts.confirm(ids[0]), { accountId, recipientPhone: PHONE });
      // The other reply of the same sender is settled with it.
      assert.deepEqual(await collect(optOuts.possible({ accountId })), []);
      const [optOut] = await collect(optOuts.list({ accountId }));
      assert.equal(optOut?.source, 'operator');
      assert.equal(optOut.inboundId, ids[0]);
      // The same decision again, and a change of mind to the safe side.
      await optOuts.confirm(ids[0]);
      await optOuts.dismiss(ids[2]);
      await expectSmsError(optOuts.dismiss(ids[0]), 'VALIDATION_FAILED');
      await optOuts.confirm(ids[2]);
      assert.equal(await optOuts.has({ accountId, recipientPhone: OTHER_PHONE }), true);
    });

    it('need their account where two have one id', async () => {
      const id = randomUUID();
      const other = randomUUID();
      for (const account of [accountId, other]) await addReply(url, { accountId: account, id, phone: PHONE });
      await expectSmsError(policies.optOuts.confirm(id), 'VALIDATION_FAILED');
      await policies.optOuts.confirm(id, { accountId: other });
      assert.equal(await policies.optOuts.has({ accountId, recipientPhone: PHONE }), false);
      assert.equal(await policies.optOuts.has({ accountId: other, recipientPhone: PHONE }), true);
    });

    it('are not found under an id of another kind of message', async () => {
      const id = randomUUID();
      await addReply(url, { accountId, id, phone: PHONE, kind: 'message' });
      await expectSmsError(policies.optOuts.confirm(id), 'NOT_FOUND');
      await expectSmsError(policies.optOuts.dismiss('no such id'), 'NOT_FOUND');
    });
  });

  describe('a sending policy', () => {
    it('is the defaults, changes setting by setting, and goes back', async () => {
      const { policy } = policies;
      assert.deepEqual(await policy.get(accountId), DEFAULT_SENDING_POLICY);
      const changed = { ...DEFAULT_SENDING_POLICY, closesAt: '24:00', days: [1, 7], perDay: 150 };
      assert.deepEqual(
        await policy.set(accountId, { closesAt: '24:00', days: [7, 1, 7], perDay: 150 }),
        changed,
      );
      const all = {
        ...changed,
        region: 'CH',
        timeZone: 'Europe/Zurich',
        holidays: 'none',
        opensAt: '22:00',
        closesAt: '06:00',
      } as const;
      assert.deepEqual(
        await policy.set(accountId, {
          region: 'CH',
          timeZone: 'Europe/Zurich',
          holidays: 'none',
          opensAt: '22:00',
          closesAt: '06:00',
        }),
        all,
      );
      assert.deepEqual(await policy.get(accountId.toUpperCase()), all);
      await policy.reset(accountId);
      assert.deepEqual(await policy.get(accountId), DEFAULT_SENDING_POLICY);
    });

    it('is not changed by what it cannot be', async () => {
      const { policy } = policies;
      await policy.set(accountId, { opensAt: '10:00' });
      for (const wrong of [
        { closesAt: '10:00' },
        { perDay: 0 },
        { perDay: 1e12 },
        { days: [] },
        { timeZone: 'Paris' },
        { holidays: 'DE' },
        { perday: 3 },
        { region: 33 },
        [],
        null,
      ] as never[]) {
        await expectSmsError(policy.set(accountId, wrong), 'VALIDATION_FAILED');
      }
      assert.deepEqual(await policy.get(accountId), { ...DEFAULT_SENDING_POLICY, opensAt: '10:00' });
    });
  });

  it('lists granted requests, the latest first, by account, number, hunt and time', async () => {
    const requests = [1, 2, 3, 4, 5].map((minutesAgo) => ({
      accountId,
      phone: minutesAgo % 2 === 0 ? PHONE : OTHER_PHONE,
      minutesAgo,
      ...(minutesAgo < 4 ? { huntId: 'hunt-1' } : {}),
    }));
    for (const request of requests) await addOutreach(url, request);
    for (const pageSize of [1, 2, 500]) {
      const rows = await collect(policies.outreach.list({ accountId, pageSize }));
      assert.deepEqual(
        rows.map(({ ticket }) => Number(ticket.at(-1))),
        [1, 2, 3, 4, 5],
      );
    }
    const count = async (filter: Parameters<typeof policies.outreach.list>[0]) =>
      (await collect(policies.outreach.list({ accountId, ...filter }))).length;
    assert.equal(await count({ recipientPhone: '06 39 98 00 01' }), 2);
    assert.equal(await count({ huntId: 'hunt-1' }), 3);
    assert.equal(
      await count({ since: new Date(Date.now() - 210_000), until: new Date(Date.now() - 90_000) }),
      2,
    );
    const [first] = await collect(policies.outreach.list({ accountId }));
    assert.deepEqual(
      { ...first, at: '', ticket: '' },
      {
        ticket: '',
        accountId,
        recipientPhone: OTHER_PHONE,
        sendingPhone: '',
        segments: 1,
        at: '',
        state: 'granted',
        huntId: 'hunt-1',
      },
    );
  });

  it('lists the phones that are not known to work', async () => {
    await onDatabase(url, async (sql) => {
      for (const [lane, failures, minutes] of [
        ['a', 2, 5],
        ['b', 1, -1],
        ['c', 1, null],
        ['d', 0, null],
      ] as const)
        await sql`
          INSERT INTO durable_sms.phones (account_id, lane, closed_until, reason, failures, failed_at)
          VALUES (${accountId}, ${lane}, ${minutes === null ? null : sql`now() + make_interval(mins => ${minutes})`},
            'the sending phone is offline', ${failures}, now())`;
    });
    const phones = await policies.phones.list({ accountId });
    assert.deepEqual(
      phones.map(({ sendingPhone, state, failures }) => [sendingPhone, state, failures]),
      [
        ['a', 'closed', 2],
        ['b', 'trying', 1],
        ['c', 'failing', 1],
      ],
    );
    assert.ok(phones[0] !== undefined && Date.parse(phones[0].closedUntil ?? '') > Date.now());
    assert.equal(phones[0].reason, 'the sending phone is offline');
  });

  describe('forget', () => {
    it('erases requests and replies of a number, and keeps its opt-outs', async () => {
      const phone = '+33639980311';
      const other = randomUUID();
      for (const account of [accountId, other])
        await addOutreach(url, { accountId: account, phone, minutesAgo: 1 });
      await addOutreach(url, { accountId, phone: '+33639980312', minutesAgo: 1 });
      await addReply(url, { accountId, id: randomUUID(), phone });
      await policies.optOuts.add({ accountId, recipientPhone: phone });
      const wanted = { recipientPhone: '06 39 98 03 11', accountId };
      const counts = { outreach: 1, inboundMessages: 1, keptOptOuts: 1 };
      assert.deepEqual(await policies.forget({ ...wanted, dryRun: true }), counts);
      assert.deepEqual(await policies.forget(wanted), counts);
      assert.deepEqual(await policies.forget(wanted), { outreach: 0, inboundMessages: 0, keptOptOuts: 1 });
      // Without an account, all of them.
      assert.deepEqual(await policies.forget({ recipientPhone: phone }), {
        outreach: 1,
        inboundMessages: 0,
        keptOptOuts: 1,
      });
      assert.equal((await collect(policies.outreach.list({ accountId }))).length, 1);
      assert.equal(await policies.optOuts.has({ accountId, recipientPhone: phone }), true);
    });

    it('erases nothing while a reply waits for a decision: the number would be written to', async () => {
      const id = randomUUID();
      await addOutreach(url, { accountId, phone: PHONE, minutesAgo: 1 });
      await addReply(url, { accountId, id, phone: PHONE });
      const wanted = { recipientPhone: PHONE, accountId };
      const error = await expectSmsError(policies.forget(wanted), 'VALIDATION_FAILED');
      assert.match(
        error.message,
        /waits for a decision: confirm or dismiss it first\. Nothing was erased\.$/,
      );
      assert.equal((await collect(policies.outreach.list(wanted))).length, 1);
      await policies.optOuts.dismiss(id);
      assert.deepEqual(await policies.forget(wanted), { outreach: 1, inboundMessages: 1, keptOptOuts: 0 });
    });
  });

  it('says what to do about a schema or a right that is missing, and quotes nothing', async () => {
    const empty = new URL(url);
    empty.pathname = '/postgres';
    const unreachable = 'postgres://user:password@127.0.0.1:1/app';
    const role = `reader_${randomBytes(4).toString('hex')}`;
    await onDatabase(url, async (sql) => {
      await sql.unsafe(
        `CREATE ROLE ${role} LOGIN PASSWORD 'of-the-reader'; GRANT USAGE ON SCHEMA durable_sms TO ${role}`,
      );
    });
    for (const [databaseUrl, message] of [
      [
        empty.href,
        /The schema durable_sms is missing in this database: run npx durable-sms setup.*\(42P01\)/,
      ],
      [unreachable, /^PostgreSQL could not be read: nothing listens on the address/],
      [asRole(url, role, 'of-the-reader'), /The role may not do this in the schema durable_sms: .*\(42501\)/],
    ] as const) {
      const broken = createSmsPolicies({ databaseUrl });
      const error = await expectSmsError(
        broken.optOuts.add({ accountId, recipientPhone: PHONE }),
        'DATABASE_UNAVAILABLE',
      );
      assert.match(error.message, message);
      assert.equal(error.cause, undefined);
      assert.ok(!`${error.stack} ${JSON.stringify(error)}`.includes('39980001'));
      await broken.close();
    }
  });

  it('needs only the rights that the documentation grants', async () => {
    const role = `app_${randomBytes(4).toString('hex')}`;
    const documented = /GRANT USAGE ON SCHEMA durable_sms[^`]*/.exec(
      await readFile(`${ROOT}/docs/policies.md`, 'utf8'),
    )?.[0];
    assert.ok(documented);
    await onDatabase(url, async (sql) => {
      await sql.unsafe(`CREATE ROLE ${role} LOGIN PASSWORD 'of-the-app'`);
      await sql.unsafe(documented.replaceAll('web_app', role));
    });
    const app = createSmsPolicies({ databaseUrl: asRole(url, role, 'of-the-app') });
    const recipient = { accountId, recipientPhone: PHONE };
    await app.optOuts.add(recipient);
    await app.optOuts.remove(recipient);
    await app.policy.set(accountId, { perDay: 3 });
    await app.policy.reset(accountId);
    await addReply(url, { accountId, id: 'r', phone: PHONE });
    await app.optOuts.dismiss('r', { accountId });
    await app.forget(recipient);
    await collect(app.outreach.list());
    await app.phones.list();
    await app.close();
  });

  it('takes up its work again after the connections were lost', async () => {
    const own = createSmsPolicies({ databaseUrl: url, maxConnections: 1 });
    await own.policy.get(accountId);
    await onDatabase(url, async (sql) => {
      await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'durable-sms-policies'`;
    });
    const policy = await waitUntil('an answer', () => own.policy.get(accountId).catch(() => undefined));
    assert.deepEqual(policy, DEFAULT_SENDING_POLICY);
    await own.close();
  });

  for (const [what, options] of [
    ['no address', { databaseUrl: undefined }],
    ['a malformed address', { databaseUrl: 'postgres://user:secret-word@:x/app' }],
    ['no connections', { maxConnections: 0 }],
    ['an endless time-out', { queryTimeoutMs: Infinity }],
  ] as const) {
    it(`are not made with ${what}, and nothing is quoted`, () => {
      assert.throws(
        () => createSmsPolicies(Object.assign({ databaseUrl: url }, options)),
        (error) =>
          error instanceof RangeError && !error.message.includes('secret') && error.cause === undefined,
      );
    });
  }
});
