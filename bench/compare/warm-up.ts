/** How many sends of a system are made before it is measured: a worker's CPU time for each falls by a fifth over its first 200, and stays there. */
export const WARM_UP_SENDS = 200;

/** A quick run has no time for that: its figures are those of workers that have just begun. */
export const QUICK_WARM_UP_SENDS = 40;
