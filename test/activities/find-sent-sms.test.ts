import assert from 'node:assert/strict';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createActivities } from '../../src/activities/create-activities.js';
import type { ActivityPorts } from '../../src/activities/ports.js';
import type {
  FindDuplicateInput,
  FindSentSmsInput,
  PossibleDuplicate,
  SentSmsVerdict,
} from '../../src/activities/types.js';
import type { OwningRun, RunOwner } from '../../src/domain/run-owner.js';
import type { LoggedSms, SentMessages } from '../../src/domain/sent-messages.js';
import { createLog, createTemporalLogger } from '../../src/observability/log.js';
import { RUNS_WITHOUT_WORKER } from '../support/runs-without-worker.js';
import { assertTellsNothing, createPorts, INPUT, NOW, RUN, SECRETS } from './activity-fixture.js';

const SELF: RunOwner = { workflowId: RUN.workflowId, originalRunId: RUN.runId };
const OTHER: RunOwner = { workflowId: 'sms-run-2', originalRunId: 'run-2' };
const QUERY: FindSentSmsInput = {
  accountId: '6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e',
  recipientPhone: SECRETS.recipientPhone,
  message: SECRETS.message,
  sealedApiKey: INPUT.sealedApiKey,
  originalRunId: RUN.runId,
  fromMs: NOW - 60_000,
  toMs: NOW - 30_000,
};
const row = (id: string, changes: Partial<LoggedSms> = {}): LoggedSms => ({
  messageIds: [id],
  number: SECRETS.recipientPhone,
  text: SECRETS.message,
  time: { kind: 'exact', atMs: NOW - 40_000 },
  failure: undefined,
  ...changes,
});
const run = (changes: Partial<OwningRun> = {}): OwningRun => ({
  owner: OTHER,
  text: SECRETS.message,
  messageIds: [],
  requestOut: false,
  ...changes,
});
const logOf = (...rows: LoggedSms[]): Partial<ActivityPorts> => ({
  sentMessages: {
    read: () => Promise.resolve({ kind: 'read', rows, incomplete: undefined, reachesBack: true }),
  },
});

function environmentOf(runId = RUN.runId) {
  return new MockActivityEnvironment(
    { workflowExecution: { ...RUN, runId } },
    { logger: createTemporalLogger(createLog({ level: 'silent' })) },
  );
}

/** Runs the check over these ports, as the run of `runId`. */
function check(
  changes: Partial<ActivityPorts>,
  runId = RUN.runId,
  asked: Partial<FindSentSmsInput> = {},
): Promise<SentSmsVerdict> {
  const activities = createActivities(createPorts({ listingLagMs: 0, ...changes }));
  const findSentSms = (input: FindSentSmsInput) => activities.findSentSms(input);
  return environmentOf(runId).run<[FindSentSmsInput], SentSmsVerdict, typeof findSentSms>(findSentSms, {
    ...QUERY,
    ...asked,
  });
}

/** A Temporal with these runs, whose claims are kept in a map. */
function runsWith(runs: OwningRun[], claims = new Map<string, RunOwner>()): ActivityPorts['runs'] {
  return {
    listOwningRuns: () => Promise.resolve(runs),
    findClaim: ({ messageId }) => Promise.resolve(claims.get(messageId)),
    claim: ({ messageId }, owner) => {
      if (!claims.has(messageId)) claims.set(messageId, owner);
      return Promise.resolve(claims.get(messageId) ?? owner);
    },
  };
}

describe('findSentSms', () => {
  it('claims the row that it finds', async () => {
    const claims = new Map<string, RunOwner>();
    const verdict = await check({ ...logOf(row('id-1')), runs: runsWith([], claims) });
    assert.deepEqual(verdict, {
      verdict: 'found',
      messageId: 'id-1',
      timestamp: new Date(NOW - 40_000).toISOString(),
    });
    assert.deepEqual(claims, new Map([['id-1', SELF]]));
  });

  it('reads nothing but the sent messages where they show nothing', async () => {
    const fail = () => Promise.reject(new Error('asked'));
    const runs = { listOwningRuns: fail, findClaim: fail, claim: fail };
    assert.deepEqual(await check({ ...logOf(), runs }), { verdict: 'clean' });
  });

  it('reads the sent messages back to five minutes before the request', async () => {
    const asked: number[] = [];
    const read = ({ sinceMs }: { sinceMs: number }): Promise<SentMessages> => {
      asked.push(sinceMs);
      return Promise.resolve({ kind: 'read', rows: [], incomplete: undefined, reachesBack: true });
    };
    await check({ sentMessages: { read } });
    assert.deepEqual(asked, [QUERY.fromMs - 300_000]);
  });

  it('lists the other runs after reading the sent messages, and again once the list is complete', async () => {
    const steps: string[] = [];
    const step = <T>(name: string, value: T) => (steps.push(name), Promise.resolve(value));
    await check({
      listingLagMs: 5_000,
      sentMessages: {
        read: () =>
          step('log', { kind: 'read', rows: [row('id-1')], incomplete: undefined, reachesBack: true }),
      },
      wait: (ms) => step(`wait ${ms}`, undefined),
      runs: {
        listOwningRuns: () => step('list', []),
        findClaim: () => step('look', undefined),
        claim: (_message, owner) => step('claim', owner),
      },
    });
    assert.deepEqual(steps, ['log', 'list', 'look', 'wait 5000', 'list', 'claim']);
  });

  describe('while the list of runs lags by a minute', () => {
    const claims = new Map<string, RunOwner>();
    const LAGGING = { ...logOf(row('id-1')), listingLagMs: 60_000, runs: runsWith([], claims) };
    const known = (forMs: number) => ({ knownRows: [{ messageId: 'id-1', forMs }] });
    beforeEach(() => {
      claims.clear();
    });

    for (const [asked, claimableInMs] of [
      [{}, 60_000],
      [known(20_000), 40_000],
      [{ knownRows: [{ messageId: 'id-0', forMs: 600_000 }] }, 60_000],
    ] as const) {
      it(`claims no row before then: ${JSON.stringify(asked)}`, async () => {
        const verdict = await check(LAGGING, undefined, asked);
        assert.ok(verdict.verdict === 'ambiguous' && verdict.showsMessage);
        assert.deepEqual(verdict.unclaimed, { messageId: 'id-1', claimableInMs });
        assert.equal(claims.size, 0);
      });
    }

    for (const forMs of [57_000, 60_000, 600_000]) {
      it(`claims the row after ${forMs} ms, once the rest of a minute has passed`, async () => {
        const waits: number[] = [];
        const wait = (ms: number) => (waits.push(ms), Promise.resolve());
        const verdict = await check({ ...LAGGING, wait }, undefined, known(forMs));
        assert.equal(verdict.verdict, 'found');
        assert.deepEqual(waits, forMs < 60_000 ? [60_000 - forMs] : []);
      });
    }

    it('leaves the row to a run that is listed late', async () => {
      let lists = 0;
      const listOwningRuns = () => Promise.resolve(lists++ === 0 ? [] : [run({ messageIds: ['id-1'] })]);
      const verdict = await check(
        { ...LAGGING, runs: { ...LAGGING.runs, listOwningRuns } },
        undefined,
        known(57_000),
      );
      assert.deepEqual(verdict, { verdict: 'clean' });
      assert.equal(claims.size, 0);
    });
  });

  it('claims the next row when another run claims the first one sooner', async () => {
    const claims = new Map<string, RunOwner>();
    const runs = runsWith([], claims);
    const verdict = await check({
      ...logOf(row('id-1'), row('id-2', { time: { kind: 'exact', atMs: NOW - 20_000 } })),
      runs: {
        ...runs,
        claim: (message, owner) => {
          if (message.messageId === 'id-1') claims.set('id-1', OTHER);
          return runs.claim(message, owner);
        },
      },
    });
    assert.equal(verdict.verdict === 'found' && verdict.messageId, 'id-2');
  });

  it('is clean when another run has claimed the only row, before or during the check', async () => {
    const claimed = runsWith([], new Map([['id-1', OTHER]]));
    assert.deepEqual(await check({ ...logOf(row('id-1')), runs: claimed }), { verdict: 'clean' });
    const quicker = { ...RUNS_WITHOUT_WORKER, claim: () => Promise.resolve(OTHER) };
    assert.deepEqual(await check({ ...logOf(row('id-1')), runs: quicker }), { verdict: 'clean' });
  });

  it('finds the row it had already claimed when its result was lost', async () => {
    const later = row('id-2', { time: { kind: 'exact', atMs: NOW - 5_000 } });
    const verdict = await check({
      ...logOf(row('id-1'), later),
      runs: runsWith([], new Map([['id-2', SELF]])),
    });
    assert.equal(verdict.verdict === 'found' && verdict.messageId, 'id-2');
  });

  it('claims nothing while a sibling waits for a reply', async () => {
    const claims = new Map<string, RunOwner>();
    const verdict = await check({
      ...logOf(row('id-1')),
      runs: runsWith([run({ requestOut: true })], claims),
    });
    assert.equal(verdict.verdict, 'ambiguous');
    assert.equal(claims.size, 0);
  });

  it('finds the message accepted before the run was reset, whether the run is listed or not', async () => {
    const runs = runsWith([run({ owner: SELF, messageIds: ['id-1'] })]);
    const verdict = await check({ ...logOf(), runs }, 'run-after-reset');
    assert.equal(verdict.verdict === 'found' && verdict.messageId, 'id-1');
  });

  it('says why the account’s phone failed to send it', async () => {
    const verdict = await check(logOf(row('id-1', { failure: 'no_service' })));
    assert.equal(verdict.verdict === 'found' && verdict.failure, 'no_service');
  });

  describe('with an API key that has been replaced since the request', () => {
    const owners: unknown[] = [];
    const cipher: ActivityPorts['cipher'] = {
      reseal: () => assert.fail('it seals nothing'),
      unseal: (sealed, owner) => {
        owners.push(owner);
        if (sealed === 'v1.gone') throw new Error('under an encryption key that is gone');
        return sealed === 'v1.other' ? 'k3y-another' : SECRETS.apiKey;
      },
    };
    const checkWith = (changes: Partial<FindSentSmsInput>, log = logOf()) => {
      const activities = createActivities(createPorts({ listingLagMs: 0, ...log, cipher }));
      const findSentSms = (input: FindSentSmsInput) => activities.findSentSms(input);
      return environmentOf().run<[FindSentSmsInput], SentSmsVerdict, typeof findSentSms>(findSentSms, {
        ...QUERY,
        ...changes,
      });
    };

    for (const requestedWith of ['v1.other', 'v1.gone']) {
      it(`is ambiguous where the sent messages do not show the message: ${requestedWith}`, async () => {
        const verdict = await checkWith({ requestedWith });
        assert.deepEqual(verdict, {
          verdict: 'ambiguous',
          reason: 'the account’s API key has changed since the request',
        });
      });
    }

    it('finds the message where it is listed', async () => {
      const verdict = await checkWith({ requestedWith: 'v1.other' }, logOf(row('id-1')));
      assert.equal(verdict.verdict, 'found');
    });

    it('is clean with the same key, sealed for the run that made the request', async () => {
      owners.length = 0;
      assert.deepEqual(await checkWith({ requestedWith: 'v1.same', owner: OTHER }), { verdict: 'clean' });
      assert.deepEqual(owners, [SELF, OTHER]);
    });
  });

  const unreadable: readonly (readonly [string, Partial<ActivityPorts>])[] = [
    [
      'the log does not answer',
      { sentMessages: { read: () => Promise.resolve({ kind: 'unreadable', reason: 'HTTP 500' }) } },
    ],
    ['this worker has no key', { cipher: undefined }],
    [
      'this worker has another key',
      {
        cipher: {
          reseal: () => '',
          unseal: () => {
            throw new Error(SECRETS.apiKey);
          },
        },
      },
    ],
    [
      'the other runs cannot be listed',
      {
        ...logOf(row('id-1')),
        runs: { ...RUNS_WITHOUT_WORKER, listOwningRuns: () => Promise.reject(new Error(SECRETS.message)) },
      },
    ],
    [
      'claims cannot be read',
      {
        ...logOf(row('id-1')),
        runs: { ...RUNS_WITHOUT_WORKER, findClaim: () => Promise.reject(new Error(SECRETS.message)) },
      },
    ],
    [
      'the claim gets no answer',
      {
        ...logOf(row('id-1')),
        runs: { ...RUNS_WITHOUT_WORKER, claim: () => Promise.reject(new Error(SECRETS.message)) },
      },
    ],
  ];
  for (const [when, ports] of unreadable) {
    it(`is unreadable when ${when}, and exposes nothing`, async () => {
      const verdict = await check(ports);
      assert.equal(verdict.verdict, 'unreadable');
      assertTellsNothing(verdict);
    });
  }
});

describe('findDuplicate', () => {
  function look(changes: Partial<ActivityPorts>) {
    const activities = createActivities(createPorts(changes));
    const findDuplicate = (input: FindDuplicateInput) => activities.findDuplicate(input);
    return environmentOf().run<[FindDuplicateInput], PossibleDuplicate, typeof findDuplicate>(findDuplicate, {
      ...QUERY,
      messageId: 'id-2',
    });
  }

  it('reports another message beside the accepted one, and claims nothing', async () => {
    const claims = new Map<string, RunOwner>();
    const found = await look({ ...logOf(row('id-1'), row('id-2')), runs: runsWith([], claims) });
    assert.deepEqual(found, { possibleDuplicateOf: 'id-1' });
    assert.equal(claims.size, 0);
  });

  it('reports no message of its own, of another run, or that the phone failed to send', async () => {
    assert.deepEqual(await look(logOf(row('id-2'))), {});
    const owned = { ...logOf(row('id-1')), runs: runsWith([run({ messageIds: ['id-1'] })]) };
    assert.deepEqual(await look(owned), {});
    const claimed = { ...logOf(row('id-1')), runs: runsWith([], new Map([['id-1', OTHER]])) };
    assert.deepEqual(await look(claimed), {});
    assert.deepEqual(await look(logOf(row('id-1', { failure: 'no_service' }))), {});
  });

  it('reports that it cannot decide', async () => {
    const sibling = { ...logOf(row('id-1')), runs: runsWith([run({ requestOut: true })]) };
    assert.match((await look(sibling)).unclear ?? '', /waiting for its reply/);
    const silent = {
      sentMessages: { read: () => Promise.resolve({ kind: 'unreadable', reason: 'HTTP 500' } as const) },
    };
    assert.equal((await look(silent)).unclear, 'HTTP 500');
  });
});
