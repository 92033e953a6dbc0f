import { mapConcurrently } from '../../../src/domain/map-concurrently.js';
import type { BenchJob } from '../system.js';

/** Makes this many sends, some at a time; calls `onSend` with how many are done. */
export async function sendMany(options: {
  sends: number;
  inFlight: number;
  nextJob: () => BenchJob;
  send: (job: BenchJob) => Promise<void>;
  onSend: (done: number) => void;
}): Promise<void> {
  const { sends, inFlight, nextJob, send, onSend } = options;
  let done = 0;
  await mapConcurrently(Array.from({ length: sends }, nextJob), inFlight, async (job) => {
    await send(job);
    onSend((done += 1));
  });
}
