import { advance, closeHold, startRun } from './advance.js';
import type { Move } from './explore.js';
import type { Parts } from './parts.js';
import { take } from './request-moves.js';
import {
  deliveredBy,
  LISTING_LAG_MS,
  MINUTE_MS,
  REQUEST_TIMEOUT_MS,
  withRun,
  type Outside,
  type Run,
  type Setting,
  type World,
} from './world.js';

/** What may happen at any time: to the provider's list, the key, the run. */
export function outsideMoves(parts: Parts, world: World, setting: Setting): Move<World>[] {
  return [
    ...providerMoves(world),
    ...keyMoves(world),
    ...operatorMoves(parts, world),
    ...runMoves(parts, world, setting),
    ...siblingMoves(parts, world, setting),
    ...timeMoves(world),
  ];
}

const openRuns = ({ run, sibling }: World): Run[] =>
  [run, sibling].filter((one): one is Run => one !== undefined && one.end === undefined);

const spend = (world: World, what: keyof Outside): World => ({
  ...world,
  left: { ...world.left, [what]: world.left[what] - 1 },
});

function providerMoves(world: World): Move<World>[] {
  if (openRuns(world).length === 0 && world.left.resets === 0) return [];
  // A decision that a run has, or is being given, is not taken back.
  const isOwned = (id: string) =>
    [world.run, world.sibling].some(
      (run) => run?.deciding === id || run?.out?.messageId === id || run?.owned.includes(id),
    );
  const change = (changed: World['messages'][number]): World => ({
    ...world,
    messages: world.messages.map((message) => (message.id === changed.id ? changed : message)),
  });
  return world.messages.flatMap((message): Move<World>[] => {
    const { id, isShown, isFailed } = message;
    const moves: Move<World>[] = [];
    if (!isShown)
      moves.push({ story: `${id} appears in the list`, to: change({ ...message, isShown: true }) });
    if (!isFailed && world.left.failures > 0 && !isOwned(id)) {
      const to = spend(change({ ...message, isFailed: true }), 'failures');
      moves.push({ story: `the phone fails to send ${id}`, to });
    }
    return moves;
  });
}

function keyMoves(world: World): Move<World>[] {
  if (openRuns(world).length === 0) return [];
  const moves: Move<World>[] = [];
  if (world.key === undefined) moves.push({ story: 'the API key is back', to: { ...world, key: 'key 1' } });
  else if (world.left.keyLosses > 0) {
    moves.push({ story: 'the API key is lost', to: { ...spend(world, 'keyLosses'), key: undefined } });
  }
  if (world.left.keyChanges > 0) {
    moves.push({
      story: 'the account gets another API key',
      to: { ...spend(world, 'keyChanges'), key: 'key 2' },
    });
  }
  return moves;
}

function operatorMoves(parts: Parts, world: World): Move<World>[] {
  const { run } = world;
  const { deciding } = run;
  if (deciding !== undefined) return [finishDeciding(parts, world, deciding)];
  if (!run.isOpen || run.decision !== undefined || world.left.decisions === 0) return [];
  const next = spend(world, 'decisions');
  const decided = (changed: Partial<Run>) => withRun(next, { ...run, ...changed });
  return [
    {
      story: 'an operator orders to send again',
      to: decided({ decision: { resend: true }, isOrdered: true }),
    },
    { story: 'an operator leaves it', to: decided({ decision: { abandon: true } }) },
    ...deliveredBy(world, run.name).map(({ id }) => ({
      story: `an operator names ${id} as sent`,
      to: decided({ deciding: id }),
    })),
  ];
}

/** The message that an operator has named is claimed for the run, unless it is another run's. */
function finishDeciding(parts: Parts, world: World, messageId: string): Move<World> {
  const { run, sibling, claims } = world;
  const { name } = run;
  const isOthers =
    (sibling?.isListed === true && sibling.owned.includes(messageId)) || (claims[messageId] ?? name) !== name;
  const decided: Run = isOthers
    ? { ...run, deciding: undefined }
    : {
        ...run,
        deciding: undefined,
        decision: { sent: true, messageId },
        named: messageId,
        owned: [...run.owned, messageId],
      };
  const next = withRun(world, decided);
  const claimed = isOthers ? next : { ...next, claims: { ...claims, [messageId]: name } };
  const isLeaving = run.step.command.kind === 'close-hold';
  return {
    story: `the operator learns: ${isOthers ? 'it belongs to the other run' : 'it counts as sent'}`,
    to: isLeaving ? closeHold(parts, claimed, name) : claimed,
  };
}

function runMoves(parts: Parts, world: World, setting: Setting): Move<World>[] {
  const { run, left } = world;
  const moves: Move<World>[] = [];
  if (left.cancels > 0 && run.end === undefined && !run.isCancelled) {
    const to = withRun(spend(world, 'cancels'), { ...run, isCancelled: true });
    moves.push({ story: 'the run is cancelled', to });
  }
  if (left.resets > 0) {
    const to = reset(parts, spend(world, 'resets'), setting);
    moves.push({ story: 'the run is reset', to });
    if (run.step.command.kind === 'request' && world.key !== undefined && !run.isCancelled) {
      const [taken] = take(to, { by: run.name, key: world.key, isDenied: false });
      moves.push({ story: 'the run is reset while its request is out, which the provider takes', to: taken });
    }
  }
  return moves;
}

function reset(parts: Parts, world: World, setting: Setting): World {
  const { run } = world;
  const { owned, ownedFailed, resendsByRule, isListed, extras } = run;
  return withRun(world, {
    ...startRun(parts, run.name, setting, run.step.state.rules.startedAtMs),
    wasReset: true,
    hasUnknown: true,
    owned,
    ownedFailed,
    resendsByRule,
    isListed,
    extras,
  });
}

function siblingMoves(parts: Parts, world: World, setting: Setting): Move<World>[] {
  const { sibling, left, nowMs } = world;
  if (sibling === undefined) {
    if (left.siblings === 0 || nowMs > 3 * MINUTE_MS) return [];
    const started = startRun(parts, 'the sibling', setting, nowMs);
    return [
      {
        story: 'a sibling is started: the same number and text',
        to: { ...spend(world, 'siblings'), sibling: started },
      },
    ];
  }
  if (sibling.isListed || sibling.end !== undefined) return [];
  return [{ story: 'Temporal lists the sibling', to: withRun(world, { ...sibling, isListed: true }) }];
}

/** Time passes while nobody has anything to do at once. */
function timeMoves(world: World): Move<World>[] {
  const open = openRuns(world);
  if (open.length === 0 || !open.every((run) => isIdle(world, run))) return [];
  const moments = open.flatMap(({ dueMs, out }) => [
    dueMs,
    out === undefined ? undefined : out.fromMs + REQUEST_TIMEOUT_MS,
  ]);
  const next = Math.min(...moments.filter((at): at is number => at !== undefined && at > world.nowMs));
  if (!Number.isFinite(next)) return [];
  const later = listOld({ ...world, nowMs: next });
  return [{ story: tellTime(next - world.nowMs), to: later }];
}

const tellTime = (ms: number) => (ms < MINUTE_MS ? `${ms / 1_000} s pass` : `${ms / MINUTE_MS} min pass`);

/** After the listing lag, Temporal lists a run for certain. */
function listOld(world: World): World {
  return [world.run, world.sibling].reduce<World>((changed, run) => {
    if (run === undefined || run.isListed) return changed;
    const ageMs = world.nowMs - run.step.state.rules.startedAtMs;
    return ageMs < LISTING_LAG_MS ? changed : withRun(changed, { ...run, isListed: true });
  }, world);
}

function isIdle({ nowMs }: World, { step, dueMs, out, isCancelled, decision }: Run): boolean {
  if (out !== undefined) return nowMs < out.fromMs + REQUEST_TIMEOUT_MS;
  if (dueMs === undefined || dueMs <= nowMs || isCancelled) return false;
  return step.command.kind === 'wait' || decision === undefined;
}

/** A wait or a hold comes to its end. */
export function waitMoves(parts: Parts, world: World, run: Run): Move<World>[] {
  const { name, step, dueMs = Infinity, isCancelled, decision } = run;
  const isDue = dueMs <= world.nowMs;
  if (step.command.kind === 'wait') {
    if (!isDue && !isCancelled) return [];
    const story = isCancelled ? `${name} hears that it is cancelled` : `${name} goes on`;
    return [{ story, to: advance(parts, world, name, { kind: 'waited', isCancelled }) }];
  }
  const interrupt = (story: string, cancelled: boolean): Move<World> => ({
    story: `${name} ${story}`,
    to: advance(parts, world, name, {
      kind: 'hold-interrupted',
      isCancelled: cancelled,
      decision: cancelled ? undefined : decision,
    }),
  });
  const moves: Move<World>[] = [];
  if (isCancelled) moves.push(interrupt('hears that it is cancelled', true));
  if (decision !== undefined) moves.push(interrupt('hears of the decision', false));
  else if (isDue) moves.push(interrupt('is due to ask again', false));
  return moves;
}
