import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Client } from '@temporalio/client';
import { createSmsClient, type SmsClient, type SmsJob } from '../../src/client.js';
import { resolveSend } from '../../src/client/resolve-send.js';
import { parsePayloadKeys } from '../../src/encryption/payload-keys.js';
import { createPayloadCodec } from '../../src/encryption/payload-codec.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { createFleet, startLoad, type Fleet } from '../cli/rekey-load.js';
import { expectSmsError } from '../support/expect-failure.js';
import { sharedTemporal } from '../support/shared-parts.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import {
  assertEachSentOnce,
  requestsFor,
  RECONCILED_WITHIN_MS,
  startFaultySend,
  startSend,
  statusIs,
} from '../support/started-sends.js';
import { workerEnvironment } from '../support/worker-environment.js';

/** A send whose first request got lost does not wait long for the log to show it. */
const HELD_SOON: SmsJob['options'] = { onUnknown: 'hold', unknownChecksMs: [200] };

describe('the rotation of the payload key', () => {
  let fixture: SendFixture;
  let fleet: Fleet;
  let clients: SmsClient[];
  /** As SMS_PAYLOAD_KEYS: the old key alone, and so on. */
  let stages: Record<'old' | 'oldNew' | 'newOld' | 'new', string>;
  beforeEach(async () => {
    fixture = await createSendFixture({ worker: false });
    const [k1, k2] = [fixture.payloadKeys, `k2:${randomBytes(32).toString('hex')}`];
    stages = { old: k1, oldNew: `${k1},${k2}`, newOld: `${k2},${k1}`, new: k2 };
    clients = [];
  });
  afterEach(async () => {
    await fleet.close();
    await Promise.all(clients.map((client) => client.close()));
    await fixture.close();
  });

  async function clientWith(payloadKeys: string): Promise<SmsClient> {
    const { address } = await sharedTemporal();
    const client = createSmsClient({ connection: { address }, payloadKeys, taskQueue: fixture.taskQueue });
    clients.push(client);
    return client;
  }

  const rollTo = async (payloadKeys: string) =>
    fleet.roll(await workerEnvironment(fixture, { SMS_PAYLOAD_KEYS: payloadKeys }));

  it('loses, duplicates and fails no send, neither new ones nor ones held before', async function () {
    this.timeout(10 * 60_000);
    fleet = createFleet(2);
    const { job } = fixture;
    let client = await clientWith(stages.old);
    /** How many sends of each client are open. */
    const open = new Map<SmsClient, number>();
    const load = startLoad(
      async () => {
        const [wanted, by] = [job(), client];
        open.set(by, (open.get(by) ?? 0) + 1);
        const sent = await by.send(wanted);
        const end = async () => {
          await sent.result();
          open.set(by, (open.get(by) ?? 0) - 1);
        };
        return { job: wanted, workflowId: sent.workflowId, end };
      },
      { lanes: 4, pauseMs: 500 },
    );
    const onlyOfThisClient = () =>
      waitUntil(
        'all sends of the clients before to have ended',
        () => [...open].every(([by, count]) => by === client || count === 0),
        { timeoutMs: RECONCILED_WITHIN_MS },
      );
    await rollTo(stages.old);
    const lost = { kind: 'http-502', recorded: false } as const;
    const held = await Promise.all(
      [0, 1].map(() => startFaultySend({ ...fixture, client }, lost, HELD_SOON)),
    );
    for (const send of held) await statusIs({ client }, send, 'held');

    const first = load.sends.length;
    for (const stage of [stages.oldNew, stages.newOld]) {
      // A client that waits for a result has to know the key of the workers.
      await onlyOfThisClient();
      await rollTo(stage);
      client = await clientWith(stage);
    }
    assert.ok(load.sends.length > first, 'sends were started in between');
    for (const send of held) await client.resolve(send.workflowId, { resend: true });
    // The old key may go when no run under it is open; the load goes on under the new one.
    await assertEachSentOnce({ ...fixture, client }, held);
    const underNew = load.sends.length + 10;
    await waitUntil('sends under the new key', () => load.sends.length >= underNew);
    await onlyOfThisClient();
    const all = client;
    client = await clientWith(stages.new);
    await rollTo(stages.new);
    await load.stop();

    await assertEachSentOnce({ ...fixture, client: all }, load.sends);
    assert.equal(fixture.simulator.messages().length, load.sends.length + held.length);
    for (const send of load.sends) assert.equal(requestsFor(fixture, send).length, 1);
    assert.doesNotMatch(fleet.outputs(), /PayloadKeyUnknown|PayloadDamaged/);
    for (const keys of Object.values(stages)) assert.ok(!fleet.outputs().includes(keys));
  });

  it('keeps a send waiting until the workers have its key, and sends it once', async () => {
    fleet = createFleet(1);
    await rollTo(stages.old);
    const client = await clientWith(stages.newOld);
    const send = await startSend({ client, job: fixture.job });
    await keyIsNamed();
    assert.equal((await client.get(send.workflowId).status()).status, 'running');
    assert.equal(requestsFor(fixture, send).length, 0);
    await rollTo(stages.oldNew);
    await assertEachSentOnce({ ...fixture, client }, [send]);
  });

  it('keeps a held send waiting while its key is missing, and resumes it when the key is back', async function () {
    this.timeout(RECONCILED_WITHIN_MS * 2);
    fleet = createFleet(1);
    await rollTo(stages.old);
    const client = await clientWith(stages.newOld);
    const lost = { kind: 'http-502', recorded: false } as const;
    const send = await startFaultySend(fixture, lost, HELD_SOON);
    await statusIs(fixture, send, 'held');
    await rollTo(stages.new);
    // The decision is not taken: nobody can carry it out.
    await expectSmsError(resolveSoon(stages.newOld, send.workflowId), 'TEMPORAL_UNAVAILABLE');
    await keyIsNamed();
    assert.equal(requestsFor(fixture, send).length, 1);
    await rollTo(stages.newOld);
    // Temporal repeats the task that failed some time later, and takes no decision before; it may
    // take the first one then.
    await waitUntil(
      'the decision to be taken',
      async () => {
        if ((await client.get(send.workflowId).status()).status !== 'held') return true;
        await client.resolve(send.workflowId, { resend: true });
        return true;
      },
      { everyMs: 1_000, timeoutMs: RECONCILED_WITHIN_MS },
    );
    await assertEachSentOnce({ ...fixture, client }, [send]);
    assert.equal(requestsFor(fixture, send).length, 2);
  });

  it('recognises a repeated request under the old key, and starts nothing once that key is gone', async () => {
    fleet = createFleet(0);
    const idempotencyKey = 'repeated';
    const job = fixture.job();
    const { workflowId, runId } = await fixture.client.send(job, { idempotencyKey });
    const again = await (await clientWith(stages.newOld)).send(job, { idempotencyKey });
    assert.deepEqual([again.workflowId, again.runId], [workflowId, runId]);
    const tooEarly = await clientWith(stages.new);
    await expectSmsError(tooEarly.send(job, { idempotencyKey }), 'ENCRYPTION_KEY_MISSING');
  });

  /** Decides to resend, as a client with these keys that has little patience. */
  async function resolveSoon(payloadKeys: string, workflowId: string): Promise<void> {
    const { connection, options } = fixture.temporal;
    const payloadCodecs = [createPayloadCodec(parsePayloadKeys(payloadKeys))];
    const client = new Client({ connection, namespace: options.namespace, dataConverter: { payloadCodecs } });
    await resolveSend(client, workflowId, { resend: true }, { patienceMs: 3_000 });
  }

  /** Waits until a worker says which key it lacks. */
  async function keyIsNamed(): Promise<void> {
    await waitUntil('the worker to name the key', () =>
      fleet.outputs().includes('which SMS_PAYLOAD_KEYS lacks here'),
    );
  }
});
