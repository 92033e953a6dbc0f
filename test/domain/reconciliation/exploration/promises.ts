import { DEFAULT_MAX_RESENDS } from '../../../../src/domain/replayed-constants.js';
import { MINUTE_MS, REQUEST_TIMEOUT_MS, type Run, type RunEnd, type World } from './world.js';

/**
 * Past its deadline a run may finish a request, and read the sent messages for two windows; these
 * are 2 min long.
 */
const MAX_AFTER_DEADLINE_MS = REQUEST_TIMEOUT_MS + 2 * 2 * MINUTE_MS;

const NO_ANSWER = {
  unreadable: 'it could not read the sent messages',
  ambiguous: 'the sent messages are not clear',
  'no key': 'it had no API key to read the sent messages with',
  'another key': 'the sent messages belong to another API key',
};

/**
 * Which promise a request breaks, at the moment when it is made.
 *
 * After a request of unknown outcome another needs an operator's order, or sent messages that were
 * read since then and show nothing that could be this message and belongs to nobody else. What the
 * list shows too late is the one way to a second message.
 */
export function brokenByRequest(world: World, run: Run): string | undefined {
  const { reading, hasUnknown, isOrdered, granted, decision, isWordUnproven, step } = run;
  if (decision !== undefined && 'abandon' in decision) return 'sends again, though an operator has left it';
  const isShown = reading?.fate === 'truthful' && ownIn(world, run).length > 0;
  if (isShown) return 'sends again, though the provider’s list shows the message';
  if (!hasUnknown) {
    return isWordUnproven ? 'sends again on the provider’s word alone that nothing was sent' : undefined;
  }
  if (reading === undefined) return 'sends again, and has not read the sent messages since its last request';
  if (isOrdered || granted === 'by order') return undefined;
  if (reading.fate !== 'truthful') return `sends again by itself, though ${NO_ANSWER[reading.fate]}`;
  if (granted !== undefined) return undefined;
  if (run.wasReset) return 'sends again by itself, though it was reset';
  const { onUnknown = 'resend', maxResends = DEFAULT_MAX_RESENDS } = step.state.rules.options ?? {};
  if (onUnknown !== 'resend') return `sends again by itself, though its job says ${onUnknown}`;
  return run.resendsByRule >= maxResends ? 'sends again more often than its job allows' : undefined;
}

/** What the last reading showed that may be the run's own message, and is nobody else's by now. */
function ownIn({ run, sibling, claims }: World, { name, reading }: Run): readonly string[] {
  const other = name === 'the run' ? sibling : run;
  return (reading?.shown ?? []).filter(
    (id) => other?.owned.includes(id) !== true && (claims[id] ?? name) === name,
  );
}

/** Which promise the end of a run breaks. */
export function brokenByEnd(world: World, run: Run, end: RunEnd): string | undefined {
  if (end.kind === 'completed') return brokenByCompletion(world, run, end);
  return run.named === undefined
    ? undefined
    : 'does not end as sent, though an operator was assured that it does';
}

function brokenByCompletion(
  world: World,
  run: Run,
  { messageId, possibleDuplicateOf }: Extract<RunEnd, { kind: 'completed' }>,
): string | undefined {
  const other = run.name === 'the run' ? world.sibling : world.run;
  const message = world.messages.find(({ id }) => id === messageId);
  if (message === undefined || message.isFailed)
    return 'ends as sent, and the phone did not send the message';
  if (other?.owned.includes(messageId) === true) return 'ends as sent with the message of the other run';
  if (run.duplicate !== possibleDuplicateOf) return 'does not report the second message';
  if (run.maybeSent > 1 && !run.wasReset && run.duplicateLooks === 0) {
    return 'was sent again, and ends without a look for a second message';
  }
  return undefined;
}

/** Which promise a claim breaks. */
export function brokenByClaim({ run, sibling }: World, { name }: Run, messageId: string): string | undefined {
  const other = name === 'the run' ? sibling : run;
  return other?.owned.includes(messageId) === true ? 'claims the message of the other run' : undefined;
}

/** Which promise a state breaks. */
export function brokenIn(world: World): string | undefined {
  const broken = world.broken ?? brokenInTheEnd(world);
  if (broken !== undefined) return broken;
  const late = [world.run, world.sibling].find(
    (run) =>
      run?.end === undefined && run !== undefined && world.nowMs > run.deadlineMs + MAX_AFTER_DEADLINE_MS,
  );
  return late === undefined ? undefined : `${late.name} is open long after its deadline`;
}

/**
 * Which promise is broken once every run has ended: a message at the phone belongs to a run that
 * says so, or to one that says that it does not know. Which of two siblings it belongs to makes no
 * difference.
 */
function brokenInTheEnd({ run, sibling, messages }: World): string | undefined {
  const runs = sibling === undefined ? [run] : [run, sibling];
  if (runs.some(({ end }) => end === undefined)) return undefined;
  // A provider that says "not sent" is believed once its sent messages do not say otherwise.
  const delivered = messages.filter(({ isFailed, isDenied }) => !isFailed && !isDenied).length;
  const accounted = runs.reduce(
    (sum, { end, extras }) => sum + extras + (end?.kind === 'not sent' ? 0 : 1),
    0,
  );
  if (delivered <= accounted) return undefined;
  const [notSent] = runs.filter(({ end }) => end?.kind === 'not sent');
  return notSent === undefined
    ? 'the phone got more messages than the runs account for'
    : `${notSent.name} ends as not sent, and the phone got the message`;
}
