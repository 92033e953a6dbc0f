import { setTimeout as wait } from 'node:timers/promises';
import { mapConcurrently } from '../../../src/domain/map-concurrently.js';
import type { PlannedSend } from '../plan/planned-send.js';
import type { SeenState, SeenStates } from '../system.js';
import type { SeenStory } from '../verify/following/follow-evidence.js';

/** What is seen of jobs while they run. */
export interface StateWatch {
  /** One story for each job and way of looking; a state that did not change is noted once. */
  readonly stories: () => readonly SeenStory[];
}

/** How often everything is looked at, in milliseconds: a look asks a worker for each open job. */
const LOOK_EVERY_MS = 1_000;

const CALLS_AT_ONCE = 3;

/** Looks at the jobs again and again, by their status and by the list; `signal` ends it. */
export function watchStates(options: {
  sends: readonly PlannedSend[];
  states: SeenStates;
  signal: AbortSignal;
  /** @default 1,000 */
  everyMs?: number;
}): StateWatch {
  const { sends, states, signal, everyMs = LOOK_EVERY_MS } = options;
  const byStatus = new Map<string, SeenState[]>();
  const byList = new Map<string, SeenState[]>();

  async function lookAtEach(): Promise<void> {
    const open = sends.filter(({ key }) => byStatus.get(key)?.at(-1)?.phase !== 'ended');
    await mapConcurrently(open, CALLS_AT_ONCE, async (send) => {
      // One that is not there yet, or a broker that is away, shows nothing.
      const state = signal.aborted ? undefined : await states.of(send).catch(() => undefined);
      if (state !== undefined) note(byStatus, send.key, state);
    });
  }

  async function lookAtList(): Promise<void> {
    const listed = await states.listed().catch(() => new Map<string, SeenState>());
    for (const [key, state] of listed) note(byList, key, state);
  }

  async function again(look: () => Promise<void>): Promise<void> {
    while (!signal.aborted) {
      await look();
      await wait(everyMs, undefined, { signal });
    }
  }
  for (const look of [lookAtEach, lookAtList]) void again(look).catch(() => undefined);
  return { stories: () => [...storiesOf(byStatus, 'status'), ...storiesOf(byList, 'list')] };
}

function note(stories: Map<string, SeenState[]>, key: string, state: SeenState): void {
  const noted = stories.get(key) ?? [];
  const last = noted.at(-1);
  if (last?.phase === state.phase && last.says === state.says) return;
  stories.set(key, [...noted, state]);
}

function storiesOf(stories: ReadonlyMap<string, readonly SeenState[]>, by: SeenStory['by']): SeenStory[] {
  return [...stories].map(([key, states]) => ({ key, by, states }));
}
