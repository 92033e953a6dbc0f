import { startRun } from './advance.js';
import { askMoves, duplicateMoves } from './ask-moves.js';
import type { Model, Move } from './explore.js';
import { outsideMoves, waitMoves } from './outside-moves.js';
import type { Parts } from './parts.js';
import { brokenIn } from './promises.js';
import { requestMoves } from './request-moves.js';
import type { Run, Setting, World } from './world.js';

/** Everything that can happen to a run, and to a sibling of it, in a setting. */
export function createModel(parts: Parts, setting: Setting): Model<World> {
  const run = startRun(parts, 'the run', setting, 0);
  return {
    initial: {
      nowMs: 0,
      run,
      sibling: undefined,
      messages: [],
      claims: {},
      key: 'key 1',
      left: setting.outside,
      broken: undefined,
    },
    keyOf,
    brokenIn,
    isEnd: ({ run: one, sibling }) =>
      one.end !== undefined && (sibling === undefined || sibling.end !== undefined),
    movesFrom: (world) => movesFrom(parts, world, setting),
  };
}

function movesFrom(parts: Parts, world: World, setting: Setting): readonly Move<World>[] {
  const runs = [world.run, world.sibling].filter((one) => one !== undefined);
  const due = runs.find((run) => isSurelyDue(world, run));
  // Nobody else sees this, and nothing that may happen changes it: its order among the other moves
  // makes no difference.
  if (due !== undefined) return movesOf(parts, world, due);
  const moves = runs.flatMap((run) => movesOf(parts, world, run));
  // What happens outside during a search is the same before or after it, but for what the other run
  // does.
  const isSearching = runs.some(({ search }) => search !== undefined);
  return isSearching ? moves : [...moves, ...outsideMoves(parts, world, setting)];
}

/** A wait is over, and no one can end it in another way any more. */
function isSurelyDue({ nowMs, left }: World, { step, end, dueMs, isCancelled }: Run): boolean {
  if (end !== undefined || dueMs === undefined || dueMs > nowMs || isCancelled) return false;
  if (left.cancels + left.resets > 0) return false;
  return step.command.kind === 'wait';
}

function movesOf(parts: Parts, world: World, run: Run): Move<World>[] {
  if (run.end !== undefined) return [];
  const { command } = run.step;
  switch (command.kind) {
    case 'request':
      return requestMoves(parts, world, run, command);
    case 'wait':
    case 'hold':
      return waitMoves(parts, world, run);
    case 'ask':
      return askMoves(parts, world, run, command);
    case 'look-for-duplicate':
      return duplicateMoves(parts, world, run, command);
    case 'close-hold':
    case 'complete':
    case 'fail':
      return [];
  }
}

const runKeys = new WeakMap<Run, string>();

function keyOfRun(run: Run | undefined): string {
  if (run === undefined) return '';
  let key = runKeys.get(run);
  if (key === undefined) {
    const { step, search, ...rest } = run;
    const { rules, ...known } = step.state;
    const { command } = step;
    key = JSON.stringify([
      rules.startedAtMs,
      known,
      command.kind === 'request' ? command : command.kind,
      search?.step.command,
      search?.step.state.runs,
      search?.step.state.claimedByOthers,
      search?.step.state.unasked,
      search?.step.state.input.candidates,
      rest,
    ]);
    runKeys.set(run, key);
  }
  return key;
}

function keyOf({ run, sibling, ...rest }: World): string {
  return `${keyOfRun(run)}\n${keyOfRun(sibling)}\n${JSON.stringify(rest)}`;
}
