import type { Command } from '../../../../src/domain/reconciliation/command.js';
import { matchCandidates } from '../../../../src/domain/reconciliation/match-candidates.js';
import type { SearchEvent } from '../../../../src/domain/reconciliation/search.js';
import type { SentSmsVerdict } from '../../../../src/domain/reconciliation/verdict.js';
import type { OwningRun, RunOwner } from '../../../../src/domain/run-owner.js';
import type { LoggedSms } from '../../../../src/domain/sent-messages.js';
import { advance } from './advance.js';
import type { Move } from './explore.js';
import type { Parts } from './parts.js';
import { brokenByClaim } from './promises.js';
import {
  runOf,
  visibleTo,
  withRun,
  type Message,
  type ReadingFate,
  type Run,
  type RunName,
  type World,
} from './world.js';

type CommandOf<K extends Command['kind']> = Extract<Command, { kind: K }>;

const NUMBER = '+33639980001';
const TEXT = 'Bonjour';

/** What a look at the sent messages can come to, step by step where there is another run. */
export function askMoves(parts: Parts, world: World, run: Run, command: CommandOf<'ask'>): Move<World>[] {
  const { name, search } = run;
  // The answer waits for a decision that is being taken.
  if (run.deciding !== undefined) return [];
  if (search !== undefined) return [searchOn(parts, world, run, search)];
  const { key } = world;
  if (key === undefined) {
    const verdict = { verdict: 'unreadable', reason: 'no key' } as const;
    const to = answer(parts, note(world, run, 'no key', []), name, { verdict, key });
    return [{ story: `${name} cannot get the API key to read the sent messages`, to }];
  }
  const { requestedWith } = command.query;
  const fate = requestedWith === undefined || requestedWith === key ? 'truthful' : 'another key';
  const moves = [read(parts, world, run, { command, key, fate })];
  if (world.left.badReadings === 0 || name === 'the sibling') return moves;
  const verdict = { verdict: 'unreadable', reason: 'no answer' } as const;
  const to = answer(parts, note(world, run, 'unreadable', []), name, { verdict, key });
  moves.push({ story: `${name} cannot read the sent messages`, to });
  moves.push(read(parts, world, run, { command, key, fate: 'ambiguous' }));
  return moves;
}

function read(
  parts: Parts,
  world: World,
  run: Run,
  { command, key, fate }: { command: CommandOf<'ask'>; key: string; fate: ReadingFate },
): Move<World> {
  const { query, sightings } = command;
  const shown = visibleTo(world, key);
  const rows = fate === 'ambiguous' ? [...shown.map(toRow), UNDATED].map(withoutDate) : shown.map(toRow);
  const sought = { ...query, recipientPhone: NUMBER, message: TEXT };
  const step = parts.firstSearchStep({
    sought,
    candidates: matchCandidates(rows, sought),
    self: ownerOf(run.name),
    nowMs: world.nowMs,
    incomplete: undefined,
    reachesBack: true,
    isOtherKey: fate === 'another key',
    mayBeAccepted: run.wasReset,
    listingLagMs: parts.listingLagMs,
    knownRows: sightings.map(({ messageId, sinceMs }) => ({ messageId, forMs: world.nowMs - sinceMs })),
  });
  const noted = note(world, run, fate, shown);
  const ids = shown.map(({ id }) => id).join(' and ');
  const what =
    fate === 'ambiguous' ? 'shows rows without dates' : shown.length > 0 ? `shows ${ids}` : 'shows nothing';
  const searching = withRun(noted, { ...runOf(noted, run.name), search: { step, key } });
  const whose = fate === 'another key' ? ' of another key' : '';
  const story = `${run.name} reads the sent messages${whose}: the list ${what}`;
  if (!isAlone(world)) return { story, to: searching };
  const { to, story: outcome } = searchToTheEnd(parts, searching, run.name);
  return { story: `${story}; ${outcome}`, to };
}

const UNDATED: LoggedSms = {
  messageIds: ['undated'],
  number: NUMBER,
  text: 'Bonsoir',
  failure: undefined,
  time: { kind: 'unreadable' },
};

const withoutDate = (row: LoggedSms): LoggedSms => ({ ...row, time: { kind: 'unreadable' } });

function toRow({ id, atMs, isFailed }: Message): LoggedSms {
  return {
    messageIds: [id],
    number: NUMBER,
    text: TEXT,
    time: { kind: 'exact', atMs },
    failure: isFailed ? 'no_service' : undefined,
  };
}

const isAlone = ({ sibling, left }: World) => sibling === undefined && left.siblings === 0;

function note(world: World, run: Run, fate: ReadingFate, shown: readonly Message[]): World {
  const other = run.name === 'the run' ? world.sibling : world.run;
  const ids = shown.map(({ id }) => id).filter((id) => other?.owned.includes(id) !== true);
  const looks = run.looks + 1;
  const isAnswer = fate !== 'unreadable' && fate !== 'no key';
  const { badReadings } = world.left;
  const isBad = fate === 'unreadable' || fate === 'ambiguous';
  const left = { ...world.left, badReadings: isBad ? badReadings - 1 : badReadings };
  return withRun(
    { ...world, left },
    {
      ...run,
      reading: { fate, shown: ids },
      looks: run.isWordUnproven ? looks : 0,
      isWordUnproven: run.isWordUnproven && !isAnswer && looks < 4,
    },
  );
}

function tellVerdict(verdict: SentSmsVerdict): string {
  switch (verdict.verdict) {
    case 'found':
      return `finds ${verdict.messageId}${verdict.failure === undefined ? '' : ', which its phone failed to send'}`;
    case 'clean':
      return 'does not find its message';
    case 'ambiguous':
    case 'unreadable':
      return 'cannot tell';
  }
}

/** The next thing that the search asks for. */
function searchOn(
  parts: Parts,
  world: World,
  run: Run,
  { step, key }: NonNullable<Run['search']>,
): Move<World> {
  const { name } = run;
  const { command } = step;
  switch (command.kind) {
    case 'answer': {
      const { verdict } = command;
      const to = answer(parts, world, name, { verdict, key });
      return { story: `${name} ${tellVerdict(verdict)}`, to };
    }
    case 'list-runs': {
      const runs = listRuns(world, name);
      const what = runs.length > 1 ? 'the other run is listed' : 'no other run is listed';
      return {
        story: `${name} asks for the other runs: ${what}`,
        to: searched(parts, world, name, { kind: 'runs-listed', runs }),
      };
    }
    case 'find-claim': {
      const { messageId } = command;
      const claimant = world.claims[messageId];
      const owner = claimant === undefined ? undefined : ownerOf(claimant);
      const to = searched(parts, world, name, { kind: 'claim-found', messageId, owner });
      return { story: `${name} asks who has claimed ${messageId}: ${claimant ?? 'nobody'}`, to };
    }
    case 'claim': {
      const { messageId } = command;
      const claimant = world.claims[messageId] ?? name;
      const broken = claimant === name ? brokenByClaim(world, run, messageId) : undefined;
      const claimed = { ...world, claims: { ...world.claims, [messageId]: claimant } };
      const judged = broken === undefined ? claimed : { ...claimed, broken: `${name} ${broken}` };
      const to = searched(parts, judged, name, { kind: 'claim-made', messageId, owner: ownerOf(claimant) });
      return {
        story: `${name} claims ${messageId}${claimant === name ? '' : `, which is ${claimant}’s`}`,
        to,
      };
    }
    case 'wait': {
      const { ms } = command;
      const later = { ...world, nowMs: world.nowMs + ms };
      return {
        story: `${name} waits for ${ms / 1_000} s`,
        to: searched(parts, later, name, { kind: 'waited', ms }),
      };
    }
  }
}

function searched(parts: Parts, world: World, name: RunName, event: SearchEvent): World {
  const run = runOf(world, name);
  if (run.search === undefined) throw new Error('Nothing is searched.');
  const { step, key } = run.search;
  return withRun(world, { ...run, search: { step: parts.nextSearchStep(step.state, event), key } });
}

function searchToTheEnd(parts: Parts, begun: World, name: RunName): Move<World> {
  let move: Move<World> = { story: '', to: begun };
  for (;;) {
    const run = runOf(move.to, name);
    if (run.search === undefined) return move;
    move = searchOn(parts, move.to, run, run.search);
  }
}

function answer(
  parts: Parts,
  world: World,
  name: RunName,
  { verdict, key }: { verdict: SentSmsVerdict; key: string | undefined },
): World {
  const run = runOf(world, name);
  const found = verdict.verdict === 'found' ? verdict : undefined;
  const owned =
    found === undefined || run.owned.includes(found.messageId) ? run.owned : [...run.owned, found.messageId];
  const ownedFailed = found?.failure === undefined ? run.ownedFailed : [...run.ownedFailed, found.messageId];
  const heard = withRun(world, { ...run, search: undefined, owned, ownedFailed });
  return advance(parts, heard, name, { kind: 'asked', verdict, key, decision: run.decision });
}

function ownerOf(name: RunName): RunOwner {
  return { workflowId: name, originalRunId: 'first' };
}

function listRuns(world: World, name: RunName): OwningRun[] {
  const self = runOf(world, name);
  const other = name === 'the run' ? world.sibling : world.run;
  const asOwner = ({ name: workflowId, owned, ownedFailed, out }: Run): OwningRun => ({
    owner: ownerOf(workflowId),
    text: TEXT,
    requestOut: out !== undefined,
    messageIds: owned,
    failedMessageIds: ownedFailed,
  });
  return [asOwner(self), ...(other?.isListed === true ? [asOwner(other)] : [])];
}

/** What a look for a second message can come to. */
export function duplicateMoves(
  parts: Parts,
  world: World,
  run: Run,
  { messageId }: CommandOf<'look-for-duplicate'>,
): Move<World>[] {
  const { name } = run;
  const other = name === 'the run' ? world.sibling : world.run;
  const isOthers = (id: string) => other?.owned.includes(id) === true || (world.claims[id] ?? name) !== name;
  const rows = world.key === undefined ? [] : visibleTo(world, world.key);
  const second = rows.find(({ id, isFailed }) => id !== messageId && !isFailed && !isOthers(id));
  const looked = withRun(world, { ...run, duplicateLooks: run.duplicateLooks + 1, duplicate: second?.id });
  const to = advance(parts, looked, name, { kind: 'looked-for-duplicate', possibleDuplicateOf: second?.id });
  return [{ story: `${name} looks for a second message: ${second?.id ?? 'none'}`, to }];
}
