import { randomUUID } from 'node:crypto';
import { WorkflowNotFoundError, WorkflowUpdateFailedError, type Client } from '@temporalio/client';
import { ApplicationFailure, type SearchAttributePair } from '@temporalio/common';
import { WORKFLOW_TYPE, workflowIdFor } from '../../src/domain/names.js';
import { DEFAULT_LIFETIME_MS } from '../../src/domain/replayed-constants.js';
import { RESOLVE_SEND } from '../../src/domain/send-decision.js';
import type { SmsJob, SmsResult } from '../../src/domain/sms-job.js';
import { searchAttribute } from '../../src/workflows/search-attributes.js';
import { DEFAULT_TIMEOUT_MS, waitUntil } from '../../tools/servers/wait-until.js';
import { fetchHistory, smsAttributesOf } from '../support/run-history.js';
import { FakeWorld, RECIPIENT_KEY } from './fake-world.js';
import { brokenInHistory } from './history-rules.js';
import { brokenPromises, type Ending } from './promise-model.js';
import { stepsOf, type PlannedEvent, type PlannedSend, type Scenario } from './scenario.js';
import { TimeStandsStillError, type SkippedClock } from './skipped-clock.js';
import { trackSend, type TrackedSend } from './tracked-send.js';
import type { ResetRun } from './watch-activities.js';

/** Where sequences are played. */
export interface Stage {
  readonly client: Client;
  readonly clock: SkippedClock;
  readonly taskQueue: string;
  /** Worlds by account id, and runs that stand for resets by workflow id. */
  readonly worlds: Map<string, FakeWorld>;
  readonly resets: Map<string, ResetRun>;
  /**
   * How many sequences were given up, because the server has left a workflow task of theirs open,
   * or its time stood still.
   */
  givenUp: number;
}

interface Actor {
  readonly plan: PlannedSend;
  readonly send: TrackedSend;
  /** The run that counts: the last reset. */
  workflowId: string;
}

const NUMBERS = { A: '+33639980001', B: '+33639980002' };
const TEXTS = { x: 'Bonjour', y: 'Bonsoir' };

/**
 * How long the driver waits between two looks at the runs, in milliseconds: past every window, then
 * past every deadline.
 */
const LOOKS_MS = [
  1_000,
  125_000,
  305_000,
  305_000,
  305_000,
  3_600_000,
  3_600_000,
  DEFAULT_LIFETIME_MS,
  DEFAULT_LIFETIME_MS,
];

/**
 * Plays one sequence to its end: every run is closed, by an operator where it is held.
 *
 * @throws Error that names the broken promises and lists what happened
 */
export async function playScenario(stage: Stage, scenario: Scenario): Promise<void> {
  const { clock, worlds } = stage;
  const world = new FakeWorld(randomUUID(), clock);
  worlds.set(world.accountId, world);
  const actors: Actor[] = [];
  try {
    await inTime(stage.client, () => clock.holding(() => play(stage, scenario, { world, actors })));
  } catch (error) {
    let isServersFault = error instanceof TimeStandsStillError;
    for (const { workflowId } of Object.values(actors)) {
      isServersFault ||= await isLeftOpen(stage, workflowId);
    }
    if (!isServersFault) throw error;
    stage.givenUp++;
  } finally {
    worlds.delete(world.accountId);
  }
}

/** No sequence takes so long by the machine's clock, unless the server does not answer any more. */
const MAX_PLAY_MS = 4 * 60_000;

/**
 * Its calls end with it: one that is left would be repeated on a channel that is closed by then.
 */
async function inTime(client: Client, work: () => Promise<void>): Promise<void> {
  const end = new AbortController();
  const timer = setTimeout(() => {
    end.abort();
  }, MAX_PLAY_MS);
  try {
    await client.withAbortSignal(end.signal, work);
  } catch (error) {
    if (end.signal.aborted) throw new TimeStandsStillError('The server does not answer.');
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The test server forgets about a workflow task whose answer it cannot take: the run then waits for
 * ever.
 */
async function isLeftOpen({ client }: Stage, workflowId: string): Promise<boolean> {
  const handle = client.workflow.getHandle(workflowId);
  const { status } = await handle.describe();
  if (status.name !== 'RUNNING') return false;
  const { events } = await handle.fetchHistory();
  return Boolean(events?.at(-1)?.workflowTaskStartedEventAttributes);
}

async function play(
  stage: Stage,
  scenario: Scenario,
  { world, actors }: { world: FakeWorld; actors: Actor[] },
): Promise<void> {
  const { clock } = stage;
  const bornAtMs = await clock.refresh();
  for (const step of stepsOf(scenario)) {
    const waitMs = bornAtMs + step.afterMs - clock.now();
    if (waitMs > 0) await clock.sleep(waitMs);
    if ('plan' in step) actors[step.index] = await start(stage, world, step);
    else {
      const actor = actors[step.event.send % scenario.sends.length];
      if (actor) await act(stage, world, actor, step.event.what);
    }
  }
  const endings = await untilClosed(stage, world, actors);
  const broken = [...world.broken, ...brokenPromises(world, endings)];
  for (const { send, workflowId } of actors) {
    const { events } = await fetchHistory(stage.client, workflowId);
    broken.push(...brokenInHistory(events ?? []).map((what) => `${send.name}: ${what}`));
  }
  if (broken.length > 0) throw new Error(`${broken.join('\n')}\nWhat happened:\n  ${world.story()}\n`);
}

async function start(
  { client, clock, taskQueue }: Stage,
  world: FakeWorld,
  { plan, index }: { plan: PlannedSend; index: number },
): Promise<Actor> {
  const startedAtMs = clock.now();
  const deadlineMs = startedAtMs + (plan.livesMs ?? DEFAULT_LIFETIME_MS);
  const job: SmsJob = {
    recipientPhone: NUMBERS[plan.to],
    message: TEXTS[plan.text],
    accountId: world.accountId,
    options: { ...plan.options, expiresAt: new Date(deadlineMs).toISOString() },
  };
  const workflowId = workflowIdFor(world.accountId, String(index));
  const { requests, checks } = plan;
  const send = trackSend({
    name: `send ${index}`,
    job,
    group: `${plan.text} to ${plan.to}`,
    workflowId,
    startedAtMs,
    deadlineMs,
    requests: [...requests],
    checks: [...checks],
  });
  world.sends.push(send);
  world.tell(`${send.name} is started`);
  const handle = await client.workflow.start(WORKFLOW_TYPE, {
    taskQueue,
    workflowId,
    args: [job],
    typedSearchAttributes: attributesOf(job),
  });
  send.originalRunId = handle.firstExecutionRunId;
  return { plan, send, workflowId };
}

/** As the client sets them; without them the workflow has to. */
function attributesOf({ accountId }: SmsJob): SearchAttributePair[] {
  return [searchAttribute('SmsAccountId', accountId), searchAttribute('SmsRecipientKey', RECIPIENT_KEY)];
}

async function act(stage: Stage, world: FakeWorld, actor: Actor, what: PlannedEvent['what']): Promise<void> {
  const { send, workflowId } = actor;
  switch (what) {
    case 'cancel':
      world.tell(`${send.name}: cancel`);
      await untilBegun(stage, actor);
      await unlessClosed(stage.client.workflow.getHandle(workflowId).cancel());
      send.cancelledAtMs ??= await stage.clock.refresh();
      return;
    case 'reset':
      await reset(stage, world, actor);
      return;
    case 'decide sent': {
      const messageId = world.messageToName(send)?.id;
      await decide(stage, world, actor, messageId === undefined ? { sent: true } : { sent: true, messageId });
      return;
    }
    case 'decide resend':
      await decide(stage, world, actor, { resend: true });
      return;
    case 'decide abandon':
      await decide(stage, world, actor, { abandon: true });
      return;
    case 'decide nonsense':
      await decide(stage, world, actor, { resend: true, abandon: true });
  }
}

/** Ends the run, if it has not ended, and starts what stands for its reset; once a send. */
async function reset(stage: Stage, world: FakeWorld, actor: Actor): Promise<void> {
  const { client, clock, taskQueue, resets } = stage;
  const { send } = actor;
  const { originalRunId } = send;
  if (send.wasReset || originalRunId === undefined) return;
  await untilBegun(stage, actor);
  world.tell(`${send.name}: reset`);
  world.terminated(send, originalRunId);
  await unlessClosed(client.workflow.getHandle(send.workflowId).terminate());
  // The server does not count down for the requests that are out.
  for (let leaked = send.inFlight; leaked > 0; leaked--) await clock.release();
  actor.workflowId = `${send.workflowId}-reset`;
  resets.set(actor.workflowId, { workflowId: send.workflowId, originalRunId, startedAtMs: send.startedAtMs });
  // The cancel was the ended run's.
  send.cancelledAtMs = undefined;
  await client.workflow.start(WORKFLOW_TYPE, {
    taskQueue,
    workflowId: actor.workflowId,
    args: [send.job],
    typedSearchAttributes: attributesOf(send.job),
  });
  await clock.refresh();
}

/** An operator decides; what is refused must be refused with NOT_HELD, or as no decision. */
async function decide(
  { client, clock }: Stage,
  world: FakeWorld,
  { send, workflowId }: Actor,
  decision: Readonly<Record<string, unknown>>,
): Promise<void> {
  const isDecision = Object.keys(decision).length === ('sent' in decision ? 2 : 1);
  const { ordered, sentAtMs } = send;
  // The run may act on it before this hears of it.
  if (isDecision && 'resend' in decision) send.ordered = true;
  if (isDecision && 'sent' in decision) send.sentAtMs = clock.now();
  const said = JSON.stringify(decision);
  try {
    const { workflow } = client;
    const update = () => workflow.getHandle(workflowId).executeUpdate(RESOLVE_SEND, { args: [decision] });
    await client.withDeadline(Date.now() + DEFAULT_TIMEOUT_MS, update);
    world.tell(`${send.name}: ${said} is taken`);
    if (!isDecision) world.broken.push(`${send.name}: took ${said} for a decision`);
  } catch (error) {
    Object.assign(send, { ordered, sentAtMs });
    const failure = error instanceof WorkflowUpdateFailedError ? error.cause : error;
    const type = failure instanceof ApplicationFailure ? failure.type : undefined;
    world.tell(`${send.name}: ${said} is refused: ${type ?? 'the run is closed'}`);
    const isRight = type === (isDecision ? 'NOT_HELD' : 'VALIDATION_FAILED');
    // Between the look for a message and the decision, another run may have claimed it.
    const wasTaken = type === 'VALIDATION_FAILED' && 'sent' in decision;
    if (!isRight && !wasTaken && !(failure instanceof WorkflowNotFoundError)) throw error;
  }
}

/**
 * Lets time go on until every run is closed, and decides about those that are held as the phone
 * shows it.
 */
async function untilClosed(
  stage: Stage,
  world: FakeWorld,
  actors: readonly Actor[],
): Promise<Map<TrackedSend, Ending>> {
  const endings = new Map<TrackedSend, Ending>();
  for (const lookMs of [0, ...LOOKS_MS]) {
    const open = actors.filter(({ send }) => !endings.has(send));
    if (open.length === 0) return endings;
    if (lookMs > 0) await stage.clock.sleep(lookMs);
    for (const actor of open) {
      const ending = await look(stage, world, actor);
      if (ending !== undefined) endings.set(actor.send, ending);
    }
  }
  for (const { send } of actors.filter((actor) => !endings.has(actor.send))) {
    world.broken.push(`${send.name} never ends`);
  }
  return endings;
}

async function look(stage: Stage, world: FakeWorld, actor: Actor): Promise<Ending | undefined> {
  const { send, plan, workflowId } = actor;
  const handle = stage.client.workflow.getHandle<() => Promise<SmsResult>>(workflowId);
  const description = await handle.describe();
  const attributes = smsAttributesOf(description);
  const [code] = [attributes['SmsErrorCode']]
    .flat()
    .map((value) => (typeof value === 'string' ? value : undefined));
  const status = description.status.name;
  if (status === 'RUNNING') {
    if (attributes['SmsStatus'] !== 'held') return undefined;
    const messageId = world.messageToName(send)?.id;
    await decide(
      stage,
      world,
      actor,
      messageId === undefined ? { [plan.inTheEnd]: true } : { sent: true, messageId },
    );
    return undefined;
  }
  if (status === 'COMPLETED') {
    const result = await handle.result();
    const { messageId, possibleDuplicateOf } = result;
    world.tell(`${send.name} completed: ${JSON.stringify({ messageId, possibleDuplicateOf })}`);
    return { kind: 'completed', result };
  }
  if (status !== 'CANCELLED' && status !== 'FAILED') throw new Error(`A run ended as ${status}.`);
  const kind = status === 'FAILED' ? 'failed' : 'cancelled';
  world.tell(`${send.name} ${kind}: ${code ?? 'no code'}`);
  return { kind, code };
}

/**
 * Until the run has made a request, or ended without one: what is cancelled before it begins holds
 * the server's time for ever.
 */
async function untilBegun({ client }: Stage, { send, workflowId }: Actor): Promise<void> {
  await waitUntil('a request or an end', async () => {
    if (send.begun > 0) return true;
    const { status } = await client.workflow.getHandle(workflowId).describe();
    return status.name !== 'RUNNING';
  });
}

async function unlessClosed(request: Promise<unknown>): Promise<void> {
  try {
    await request;
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
