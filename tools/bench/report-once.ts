import type { CleanUp } from '../servers/clean-up.js';

/**
 * Makes a report that is made once: when it is called, or by Ctrl-C, before the parts are ended.
 */
export function reportOnce(cleanUp: CleanUp, report: () => Promise<void>): () => Promise<void> {
  let reported: Promise<void> | undefined;
  const once = () => (reported ??= report());
  cleanUp.add(once);
  return once;
}
