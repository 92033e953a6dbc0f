import { isCancellation, sleep } from '@temporalio/workflow';

/** Waits, in milliseconds; true if the run was cancelled before or meanwhile. */
export async function pause(ms: number): Promise<boolean> {
  try {
    await sleep(Math.max(1, ms));
    return false;
  } catch (error) {
    if (isCancellation(error)) return true;
    throw error;
  }
}
