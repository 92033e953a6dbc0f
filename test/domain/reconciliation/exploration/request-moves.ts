import type { Command } from '../../../../src/domain/reconciliation/command.js';
import type { RequestEnd } from '../../../../src/domain/reconciliation/event.js';
import { advance } from './advance.js';
import type { Move } from './explore.js';
import type { Parts } from './parts.js';
import { brokenByRequest } from './promises.js';
import {
  deliveredBy,
  MINUTE_MS,
  runOf,
  withRun,
  type Message,
  type Run,
  type RunName,
  type World,
} from './world.js';

type RequestCommand = Extract<Command, { kind: 'request' }>;
type Reply = RequestEnd['kind'];

/** What a request of a run can come to. */
export function requestMoves(
  parts: Parts,
  world: World,
  run: Run,
  { key: givenKey, clearedRunId }: RequestCommand,
): Move<World>[] {
  const { name } = run;
  if (run.out !== undefined) return replyMoves(parts, world, run, run.out);
  const tell = (story: string, occurrence: RequestEnd): Move<World>[] => [
    { story: `${name} ${story}`, to: advance(parts, world, name, occurrence) },
  ];
  if (run.isCancelled) return tell('makes no request, as it is cancelled', { kind: 'never-began' });
  if (world.nowMs >= run.deadlineMs) {
    return tell('makes no request, as its deadline has passed', { kind: 'refused', message: '' });
  }
  const key = givenKey ?? world.key;
  if (key === undefined) return tell('cannot get the API key', { kind: 'refused', message: '' });
  const runId = run.wasReset ? 'reset' : 'first';
  const { nowMs } = world;
  if (parts.isKeptFromSending({ runId, originalRunId: 'first', clearedRunId })) {
    const times = { attempt: run.requests + 1, fromMs: nowMs, toMs: nowMs, key };
    return tell('is kept from sending, as it was reset', {
      kind: 'unknown',
      message: '',
      refusedRunId: runId,
      ...times,
    });
  }
  const out = goOut(world, run);
  const reply = (story: string, kind: Reply, isTaken: boolean, word = false) =>
    replyTo(parts, out, { name, story, kind, isTaken, key, word });
  if (name === 'the sibling') {
    if (run.requests > 0) return [reply('requests, and is accepted', 'accepted', true)];
    return [true, false].map((isTaken) => sendSlowly(out, { name, key, isTaken }));
  }
  const moves = [
    reply('requests, and is accepted', 'accepted', true),
    reply('requests; the provider takes the message, and the reply is lost', 'unknown', true),
    reply('requests; the request is lost', 'unknown', false),
    reply('requests, and is refused', 'refused', false),
  ];
  if (world.left.notSent > 0) moves.push(reply('requests, and is asked to retry later', 'not-sent', false));
  if (world.left.offline > 0) {
    moves.push(reply('requests; the phone is offline', 'not-sent', false, true));
    moves.push(
      reply(
        'requests; the provider takes the message, and says that its phone is offline',
        'not-sent',
        true,
        true,
      ),
    );
  }
  return moves;
}

/** A request is on its way: judged by what was known when it was made. */
function goOut(world: World, run: Run): World {
  const broken = brokenByRequest(world, run);
  const granted = run.isOrdered ? 'by order' : run.hasUnknown ? (run.granted ?? 'by rule') : undefined;
  const next = withRun(world, { ...run, requests: run.requests + 1, isOrdered: false, granted });
  return broken === undefined ? next : { ...next, broken: world.broken ?? `${run.name} ${broken}` };
}

/** The provider takes a message. */
export function take(world: World, taken: Pick<Message, 'by' | 'key' | 'isDenied'>): [World, string] {
  const id = `m${world.messages.length + 1}`;
  const message: Message = { ...taken, id, atMs: world.nowMs, isShown: false, isFailed: false };
  const run = runOf(world, taken.by);
  const isExtra = deliveredBy(world, taken.by).length > 0 || (run.requests > 1 && hasLateRow(world, run));
  const counted = isExtra ? withRun(world, { ...run, extras: run.extras + 1 }) : world;
  return [{ ...counted, messages: [...world.messages, message] }, id];
}

/**
 * A message of either run that the last reading did not show, and that no run has made its own: it
 * is the run's for all it knows.
 */
function hasLateRow({ messages, run, sibling, claims }: World, { reading }: Run): boolean {
  const owned = [run, sibling].flatMap((one) => one?.owned ?? []);
  return messages.some(
    ({ id, isFailed }) =>
      !isFailed && claims[id] === undefined && !owned.includes(id) && reading?.shown.includes(id) === false,
  );
}

interface ReplyPlan {
  readonly name: RunName;
  readonly story: string;
  readonly kind: Reply;
  readonly isTaken: boolean;
  readonly key: string;
  /** The provider says that its phone is offline. */
  readonly word: boolean;
}

function replyTo(parts: Parts, out: World, plan: ReplyPlan): Move<World> {
  const { name, kind, isTaken, key, word } = plan;
  const [taken, messageId] = isTaken ? take(out, { by: name, key, isDenied: word }) : [out, undefined];
  const { left } = taken;
  const later =
    kind === 'not-sent' ? (word ? { offline: left.offline - 1 } : { notSent: left.notSent - 1 }) : {};
  const world = { ...taken, left: { ...left, ...later } };
  const to = hearReply(parts, world, { name, kind, messageId, key, word, fromMs: world.nowMs });
  return { story: `${name} ${plan.story}`, to };
}

/** A run hears how its request ended. */
function hearReply(
  parts: Parts,
  world: World,
  reply: Pick<ReplyPlan, 'name' | 'kind' | 'key' | 'word'> & {
    messageId: string | undefined;
    fromMs: number;
  },
): World {
  const { name, kind, messageId, key, word, fromMs } = reply;
  const run = runOf(world, name);
  const { requests: attempt } = run;
  const times = { attempt, fromMs, toMs: world.nowMs, key };
  const heard: Run = { ...run, out: undefined, reading: undefined };
  switch (kind) {
    case 'accepted': {
      const id = messageId ?? '';
      const isTaken = (world.claims[id] ?? name) !== name;
      const next = withRun(world, { ...heard, owned: [...run.owned, id], maybeSent: run.maybeSent + 1 });
      const broken = isTaken
        ? `another run has claimed the message that ${name} was accepted with`
        : undefined;
      const judged = broken === undefined ? next : { ...next, broken: next.broken ?? broken };
      return advance(parts, judged, name, { kind: 'accepted', messageId: id, timestamp: '' });
    }
    case 'unknown': {
      const next: Run = {
        ...heard,
        hasUnknown: true,
        maybeSent: run.maybeSent + 1,
        resendsByRule: run.resendsByRule + (run.granted === 'by rule' ? 1 : 0),
        granted: undefined,
      };
      const occurrence = { kind: 'unknown', message: '', refusedRunId: undefined, ...times } as const;
      return advance(parts, withRun(world, next), name, occurrence);
    }
    case 'not-sent': {
      const isWordUnproven = word && !run.step.state.isOfflineBelieved;
      const next = withRun(world, { ...heard, isWordUnproven, looks: 0 });
      const wait = { retryAfterMs: MINUTE_MS, lookBeforeRepeat: word, reason: '' };
      return advance(parts, next, name, { kind: 'not-sent', ...wait, ...times });
    }
    case 'refused':
    case 'never-began':
      return advance(parts, withRun(world, heard), name, { kind, message: '' });
  }
}

/** The request of the sibling is out, and its reply takes its time. */
function sendSlowly(
  out: World,
  { name, key, isTaken }: { name: RunName; key: string; isTaken: boolean },
): Move<World> {
  const [world, messageId] = isTaken ? take(out, { by: name, key, isDenied: false }) : [out, undefined];
  const run = runOf(world, name);
  const story = isTaken
    ? 'requests, and the provider takes the message'
    : 'requests, and the request is lost';
  return {
    story: `${name} ${story}; there is no reply yet`,
    to: withRun(world, { ...run, out: { messageId, key, fromMs: world.nowMs } }),
  };
}

function replyMoves(parts: Parts, world: World, { name }: Run, out: NonNullable<Run['out']>): Move<World>[] {
  const reply = { name, word: false, ...out };
  const moves = [
    { story: `the reply to ${name} is lost`, to: hearReply(parts, world, { ...reply, kind: 'unknown' }) },
  ];
  if (out.messageId !== undefined) {
    const to = hearReply(parts, world, { ...reply, kind: 'accepted' });
    moves.push({ story: `${name} is accepted`, to });
  }
  return moves;
}
