import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import fc from 'fast-check';
import { createActivities } from '../../src/activities/create-activities.js';
import { createDataConverter } from '../../src/encryption/data-converter.js';
import { workflowSource } from '../../src/worker/workflow-source.js';
import { sharedWorkflowBundle } from '../support/shared-parts.js';
import { startTimeSkipping } from '../support/time-skipping.js';
import type { FakeWorld } from './fake-world.js';
import { playScenario, type Stage } from './play-scenario.js';
import { scenarios } from './scenario.js';
import { SkippedClock } from './skipped-clock.js';
import { createActivityWatch } from './watch-activities.js';
import { createWorldPorts } from './world-ports.js';

const SEED = Number(process.env['MODEL_SEED'] ?? 20_300_101);

/** Sequences that are played at once; each lane has its own seed. */
const LANES = 20;

/** A counterexample is made shorter for some minutes, not for ever. */
const MAX_TRIES_TO_SHRINK = 80;

/**
 * The tests of the promises against so many random sequences; MODEL_RUNS and MODEL_SEED vary them.
 */
export function describePromises(defaultRuns: number): void {
  const runs = Number(process.env['MODEL_RUNS'] ?? defaultRuns);

  describe('the promises, against random sequences', function () {
    this.timeout(30 * 60_000);

    it(`hold in ${runs} sequences from seed ${SEED} (MODEL_RUNS, MODEL_SEED)`, async () => {
      const mayBeGivenUp = Math.ceil(runs / 20);
      let givenUp = await playOnNewServer(runs);
      // The server loses its time by chance, on a busy machine above all: once more on a new one.
      if (givenUp > mayBeGivenUp) givenUp = await playOnNewServer(runs);
      assert.ok(givenUp <= mayBeGivenUp, `${givenUp} sequences could not be played`);
    });
  });
}

/** Plays all sequences; returns how many were given up. Throws where a promise is broken. */
async function playOnNewServer(runs: number): Promise<number> {
  const { stage, close } = await openStage();
  try {
    await playAll(stage, runs);
  } finally {
    await close();
  }
  return stage.givenUp;
}

async function openStage(): Promise<{ stage: Stage; close: () => Promise<void> }> {
  const environment = await startTimeSkipping();
  const { connection, nativeConnection } = environment;
  const clock = new SkippedClock(environment);
  // The server starts with its time held.
  await clock.release();
  await clock.refresh();
  const taskQueue = 'sms-model';
  // Not the environment's own client: that one lets time jump while it waits for a result.
  const client = new Client({ connection, dataConverter: createDataConverter([]) });
  const stage: Stage = { client, clock, taskQueue, worlds: new Map(), resets: new Map(), givenUp: 0 };
  const worldOf = (accountId: string): FakeWorld => {
    const world = stage.worlds.get(accountId);
    if (world === undefined) throw new Error('The model knows no such account.');
    return world;
  };
  const accountIdOf = (workflowId: string) => /^sms-(.{36})-/.exec(workflowId)?.[1] ?? '';
  const { interceptors, ...source } = workflowSource({ bundle: await sharedWorkflowBundle() });
  const worker = await Worker.create({
    connection: nativeConnection,
    taskQueue,
    activities: createActivities(createWorldPorts(worldOf, clock)),
    interceptors: {
      ...interceptors,
      activity: [
        createActivityWatch(clock, {
          worldOf: (workflowId) => worldOf(accountIdOf(workflowId)),
          resetOf: (workflowId) => stage.resets.get(workflowId),
        }),
      ],
    },
    ...source,
    dataConverter: createDataConverter([]),
  });
  const working = worker.run();
  return {
    stage,
    async close() {
      worker.shutdown();
      // A server that does not answer any more keeps its worker from ending.
      await Promise.race([working, wait(60_000, undefined, { ref: false })]);
      await environment.teardown();
    },
  };
}

async function playAll(stage: Stage, runs: number): Promise<void> {
  let failed: unknown;
  const lane = async (index: number) => {
    const numRuns = Math.ceil((runs - index) / LANES);
    if (numRuns <= 0) return;
    let isMine = false;
    let tries = 0;
    const property = fc.asyncProperty(scenarios, async (scenario) => {
      // Once a lane has found something, the machine is its own, to shrink it.
      if (failed !== undefined && (!isMine || ++tries > MAX_TRIES_TO_SHRINK)) return;
      try {
        await playScenario(stage, scenario);
      } catch (error) {
        isMine ||= failed === undefined;
        failed ??= error;
        if (isMine) throw error;
      }
    });
    await fc.assert(property, { seed: SEED + index, numRuns });
  };
  const lanes = await Promise.allSettled(Array.from({ length: LANES }, (_, index) => lane(index)));
  const broken = lanes.find((one) => one.status === 'rejected');
  if (broken) throw broken.reason;
}
