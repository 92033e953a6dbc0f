import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchOptions } from '../bench-options.js';
import { createJobMaker } from '../load/make-jobs.js';
import { readMachine } from '../measure/read-machine.js';
import { openClient } from '../open-client.js';
import { startTemporalParts, type BenchParts } from '../parts.js';
import { showBar } from '../progress-bar.js';
import { startDurable } from '../shapes/durable-system.js';
import { measureMemory } from './measure-memory.js';
import { measureStart } from './measure-start.js';
import { profileWorker } from './profile/profile-worker.js';
import { renderMemory, renderProfile, renderStart, type WorkerFigures } from './render-worker.js';

const SENDS = { quick: 200, usual: 5_000, long: 20_000 };
const IN_FLIGHT = 20;

/**
 * One worker alone: how soon it polls, whether its memory stays flat, and where its CPU time goes.
 */
export async function worker(parts: BenchParts, options: BenchOptions): Promise<void> {
  const { quick, long, out } = options;
  const temporal = await startTemporalParts(parts);
  const client = await openClient(parts, temporal.temporal.address);
  const machine = await readMachine(parts.databaseUrl);
  const figures: WorkerFigures = {};
  const write = async () => {
    await mkdir(out, { recursive: true });
    await writeFile(join(out, 'worker.json'), `${JSON.stringify({ machine, ...figures }, undefined, 2)}\n`);
  };
  const bar = showBar();
  parts.cleanUp.add(bar.stop);

  const rounds = options.rounds ?? (quick ? 2 : 5);
  figures.start = await measureStart({
    parts,
    temporal,
    client,
    rounds,
    onRound(done) {
      bar.show(done, rounds, 'starts of a worker');
    },
  });
  console.log(renderStart(figures.start));
  // Each part is kept as soon as it is there, also if the next one is broken off.
  await write();

  const profiled = quick ? 200 : 1_000;
  figures.profile = await profileWorker({
    parts,
    temporal,
    sends: profiled,
    inFlight: IN_FLIGHT,
    onSend(done) {
      bar.show(done, profiled, 'sends under the profiler');
    },
  });
  console.log(renderProfile(figures.profile));
  await write();

  const sends = quick ? SENDS.quick : long ? SENDS.long : SENDS.usual;
  const system = await startDurable({ parts, temporal, client });
  figures.memory = await measureMemory({
    system,
    sends,
    inFlight: IN_FLIGHT,
    nextJob: createJobMaker(parts.accountId, 'memory'),
    onSend(done) {
      bar.show(done, sends, 'sends, reading the memory');
    },
  });
  console.log(renderMemory(figures.memory));
  await write();
  bar.stop();
  console.log(`\nFigures: ${join(out, 'worker.json')}`);
}
