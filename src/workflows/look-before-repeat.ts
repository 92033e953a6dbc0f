import { sleep } from '@temporalio/workflow';
import { withJitter } from '../domain/schedule.js';
import { runFailure } from './failures.js';
import type { RunStatus } from './run-status.js';
import type { UnsentAttempt } from './send-attempt.js';
import { checkSentLog, type SentLogQuery, type Sightings } from './sent-log-check.js';

type NotSent = Extract<UnsentAttempt, { kind: 'not-sent' }>;
type Unknown = Extract<UnsentAttempt, { kind: 'unknown' }>;

/** While they cannot be read, the sent messages are asked so often before a request is repeated all the same. */
const MAX_LOOKS = 4;

/** The wait between two looks, which doubles; in milliseconds. */
const FIRST_WAIT_MS = 5_000;

/**
 * Makes the look at the sent messages that comes before a request is repeated which was not sent by the provider's word alone (its phone is
 * offline). A run needs one answer: from then on the word is believed. The result is what the request is to be taken for where the sent
 * messages contradict the provider, else undefined.
 */
export function createLookBeforeRepeat(
  run: Pick<SentLogQuery, 'accountId' | 'recipientPhone' | 'message' | 'originalRunId'>,
  status: Pick<RunStatus, 'say'>,
): (request: NotSent) => Promise<Unknown | undefined> {
  const sightings: Sightings = new Map();
  let isBelieved = false;
  let firstFromMs: number | undefined;

  return async function lookBeforeRepeat(request) {
    if (!request.lookBeforeRepeat || isBelieved) return undefined;
    const { attempt, toMs, sealedApiKey } = request;
    const fromMs = (firstFromMs ??= request.fromMs);
    status.say(
      `${request.reason} The provider’s sent messages are read before request ${attempt + 1} is made.`,
    );
    for (let look = 1; ; look++) {
      const { verdict } = await checkSentLog(
        { ...run, fromMs, toMs, requestedWith: sealedApiKey },
        sightings,
      );
      const isContradicted =
        verdict.verdict === 'found' || (verdict.verdict === 'ambiguous' && verdict.showsMessage);
      if (isContradicted) return asUnknown(request, fromMs);
      if (verdict.verdict !== 'unreadable') {
        isBelieved = true;
        return undefined;
      }
      if (look === MAX_LOOKS) return undefined;
      await sleep(withJitter(FIRST_WAIT_MS * 2 ** (look - 1), Math.random()));
    }
  };
}

function asUnknown({ attempt, toMs, sealedApiKey, cause }: NotSent, fromMs: number): Unknown {
  const failure = runFailure('SEND_OUTCOME_UNKNOWN', {
    message:
      'Maybe sent: the provider says that its phone is offline, and its sent messages may show the message.',
    details: { attempt },
    cause,
  });
  return { kind: 'unknown', attempt, fromMs, toMs, sealedApiKey, failure, refusedRunId: undefined };
}
