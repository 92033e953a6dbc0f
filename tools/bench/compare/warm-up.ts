/** A worker's CPU time for a send falls by a fifth over its first 200, and stays there. */
const WARM_UP_SENDS = 200;
/** All that a quick run has time for: its figures come from workers that have just started. */
const QUICK_WARM_UP_SENDS = 40;

/** How many sends of a system are made before it is measured. */
export function warmUpSendsFor({ quick }: { quick: boolean }): number {
  return quick ? QUICK_WARM_UP_SENDS : WARM_UP_SENDS;
}
