import type { ActivityPorts } from '../../src/activities/ports.js';

/** A Temporal without any other run: every claim is granted. */
export const RUNS_WITHOUT_WORKER: ActivityPorts['runs'] = {
  listOwningRuns: () => Promise.resolve([]),
  findClaim: () => Promise.resolve(undefined),
  claim: (_message, owner) => Promise.resolve(owner),
};

/** A Temporal that has just begun to wait for every result. */
export const PATIENT_TASKS: ActivityPorts['tasks'] = {
  findStart: () => Promise.resolve({ startedAtMs: Number.MAX_SAFE_INTEGER }),
};

/** A provider that lists no accepted message and no phone. */
export const NO_DELIVERIES: ActivityPorts['deliveries'] = {
  read: () => Promise.resolve({ kind: 'read', report: { kind: 'unlisted' }, ageMs: 0 }),
  readPhones: () => Promise.resolve({ kind: 'read', phones: [], skipped: 0 }),
};
