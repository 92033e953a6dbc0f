import { runClosedLoop, type Load } from '../load/closed-loop.js';
import { percentile } from '../measure/percentile.js';
import { readProcessUsage } from '../measure/process-usage.js';
import type { Sample } from '../results.js';
import type { BenchJob, BenchSystem } from '../system.js';

/** Measures one window of one system, and says which job was the last that it did. */
export async function measureWindow(options: {
  system: BenchSystem;
  load: Load;
  round: number;
  nextJob: () => BenchJob;
  signal: AbortSignal;
}): Promise<{ sample: Sample; lastJob: BenchJob | undefined }> {
  const { system, load, round, nextJob, signal } = options;
  const state: { lastJob?: BenchJob } = {};
  const edges: { worker: number; server: number }[] = [];
  const { completed, elapsedMs, latenciesMs } = await runClosedLoop({
    load,
    signal,
    async send() {
      const job = nextJob();
      await system.send(job);
      state.lastJob = job;
    },
    atEdge() {
      const cpuMs = (pids: readonly number[]) => readProcessUsage(pids)?.cpuMs ?? Number.NaN;
      edges.push({ worker: cpuMs(system.workerPids()), server: cpuMs(system.serverPids()) });
    },
  });
  const perSend = (read: (edge: { worker: number; server: number }) => number) => {
    const [opened, closed] = edges;
    const usedMs = opened && closed ? (read(closed) - read(opened)) / completed : Number.NaN;
    return Number.isFinite(usedMs) ? usedMs : undefined;
  };
  return {
    lastJob: state.lastJob,
    sample: {
      system: system.name,
      inFlight: load.inFlight,
      round,
      completed,
      sendsPerSecond: (completed / elapsedMs) * 1000,
      p50Ms: percentile(latenciesMs, 50),
      p99Ms: percentile(latenciesMs, 99),
      workerCpuMs: perSend(({ worker }) => worker),
      serverCpuMs: perSend(({ server }) => server),
    },
  };
}
