import { CancellationScope, defineSignal, isCancellation, setHandler, sleep } from '@temporalio/workflow';
import type { UnprovenOrigin } from '../activities/types.js';
import { laneOf } from '../domain/lane.js';
import { CHECK_OPT_OUT } from '../domain/names.js';
import type { SmsJob } from '../domain/sms-job.js';
import { tryToObtainApiKey } from './api-key-activities.js';

/** Wakes a run that waits, so that it looks whether its recipient has opted out meanwhile. */
export interface OptOutAlarm {
  /** Waits, in milliseconds; true if the alarm rang before. */
  wait(ms: number): Promise<boolean>;
}

/** The alarm of a run; make it before the run waits for anything. */
export function createOptOutAlarm(): OptOutAlarm {
  let rings = false;
  let wake = (): void => undefined;
  setHandler(defineSignal(CHECK_OPT_OUT), () => {
    rings = true;
    wake();
  });
  /** The handler changes it while this code waits. */
  const isRinging = () => rings;
  return {
    async wait(ms) {
      if (!isRinging()) {
        const scope = new CancellationScope();
        const timer = scope.run(() => sleep(ms));
        await Promise.race([timer, new Promise<void>((resolve) => (wake = resolve))]);
        if (isRinging()) scope.cancel();
        // It ends as cancelled then, which nobody waits for any more.
        timer.catch((error: unknown) => {
          if (!isCancellation(error)) throw error;
        });
      }
      const rang = rings;
      rings = false;
      return rang;
    },
  };
}

/** Whether the recipient has opted out; false where that cannot be read within some seconds. */
export async function isOptedOut(run: {
  readonly job: SmsJob;
  readonly jobOrigin: UnprovenOrigin | undefined;
  readonly originalRunId: string;
}): Promise<boolean> {
  const { job, jobOrigin, originalRunId } = run;
  const { accountId, recipientPhone, options } = job;
  const query = { accountId, recipientPhone, jobOrigin, originalRunId, lane: laneOf(options) };
  const key = await tryToObtainApiKey(query);
  return key?.optedOut === true;
}
