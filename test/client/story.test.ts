import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import proto from '@temporalio/proto';
import { readStory } from '../../src/client/story/read-story.js';
import { shortenStory } from '../../src/client/story/shorten-story.js';
import type { SmsStep } from '../../src/client/story/sms-step.js';
import { createDataConverter } from '../../src/encryption/data-converter.js';
import { parsePayloadKeys } from '../../src/encryption/payload-keys.js';
import type { HistoryEvent } from '../../src/temporal/history-events.js';
import { HISTORY_PAYLOAD_KEYS, workflowIdOf } from '../support/run-history.js';

const DIRECTORY = new URL('../histories/', import.meta.url);
/** Not those that the histories were encrypted with. */
const OTHER_KEYS = `other:${'07'.repeat(32)}`;

const { History } = proto.temporal.api.history.v1;

const PLAIN = loadDataConverter(createDataConverter([]));

async function readEvents(name: string) {
  const json = await readFile(new URL(`${name}.json`, DIRECTORY), 'utf8');
  const history = historyFromJSON(JSON.parse(json));
  // Through the wire, as a client gets it.
  const { events } = History.decode(History.encode(history).finish());
  return { events, workflowId: workflowIdOf(history) };
}

async function storyOf(name: string, payloadKeys: string): Promise<readonly SmsStep[]> {
  const { events, workflowId } = await readEvents(name);
  const converter = loadDataConverter(createDataConverter(parsePayloadKeys(payloadKeys)));
  return await readStory(workflowId, events, converter);
}

const sentencesOf = async (name: string, keys: string) =>
  (await storyOf(name, keys)).map(({ sentence }) => sentence.replaceAll(/\b[0-9a-f]{40}\b/g, 'ID'));

const STORIES: Record<string, readonly string[]> = {
  'followed-sent': [
    'Started.',
    'Request 1: accepted as message ID.',
    'The phone has not sent it yet.',
    'The phone has sent it.',
    'Completed: sent by the phone.',
  ],
  'followed-failed': [
    'Started.',
    'Request 1: accepted as message ID.',
    'The phone failed to send it (RESULT_ERROR_NO_SERVICE).',
    'Failed: MESSAGE_SEND_FAILED.',
  ],
  'followed-cancelled': [
    'Started.',
    'Request 1: accepted as message ID.',
    'Somebody asked for a cancel.',
    'Completed: accepted, and unknown whether the phone has sent it.',
  ],
  'followed-unread-for-a-day': [
    'Started.',
    'Request 1: accepted as message ID.',
    'What the phone did could not be read: PROVIDER_UNAVAILABLE.',
    'Completed: accepted, and unknown whether the phone has sent it.',
  ],
  success: ['Started.', 'Request 1: accepted as message ID.', 'Completed: accepted.'],
  'waits-for-its-time': [
    'Started, to be sent at 2026-11-29T18:11:33Z.',
    'Request 1: accepted as message ID.',
    'Completed: accepted.',
  ],
  'marketing-waits-then-success': [
    'Started, for marketing.',
    'Waits until 2026-11-30T00:29:30Z: the account’s inbox was never read, and may hold an opt-out.',
    'Request 1: accepted as message ID.',
    'Completed: accepted.',
  ],
  'RATE_LIMITED-then-success': [
    'Started.',
    'Request 1: not sent (RATE_LIMITED, HTTP 429): slow.',
    'Request 2: accepted as message ID.',
    'Completed: accepted.',
  ],
  'DATABASE_UNAVAILABLE-then-success': [
    'Started.',
    'The account’s API key could not be loaded: DATABASE_UNAVAILABLE.',
    'Request 1: accepted as message ID.',
    'Completed: accepted.',
  ],
  API_KEY_REQUIRED: [
    'Started.',
    'The account’s API key could not be loaded: API_KEY_REQUIRED.',
    'Failed: API_KEY_REQUIRED.',
  ],
  'unknown-then-found': [
    'Started.',
    'Request 1: outcome unknown (HTTP 200): the reply was empty.',
    'The sent messages show it as message ID.',
    'Completed: accepted.',
  ],
  'unknown-then-held-then-sent-again': [
    'Started.',
    'Request 1: outcome unknown (HTTP 200): the reply was empty.',
    'The sent messages do not show it.',
    'Held: it may have been sent. A person decides, or the sent messages show it.',
    'A person decided: send it again.',
    'The sent messages do not show it.',
    'Request 2: accepted as message ID.',
    'Completed: accepted.',
  ],
  'unknown-then-held-then-expired': [
    'Started.',
    'Request 1: outcome unknown (HTTP 200): the reply was empty.',
    'The sent messages could not be read: the reply was HTTP 500.',
    'Held: it may have been sent. A person decides, or the sent messages show it.',
    'The sent messages could not be read: the reply was HTTP 500.',
    'Failed: SEND_OUTCOME_UNKNOWN.',
  ],
  'cancelled-in-back-off': [
    'Started.',
    'Request 1: not sent (PROVIDER_UNAVAILABLE): the phone is offline.',
    'Somebody asked for a cancel.',
    'Cancelled.',
  ],
};

describe('the story of a send', () => {
  for (const [name, story] of Object.entries(STORIES)) {
    it(`of the recorded run ${name}`, async () => {
      assert.deepEqual(await sentencesOf(name, HISTORY_PAYLOAD_KEYS), story);
    });
  }

  it('is read with the payload key', async () => {
    const keys = HISTORY_PAYLOAD_KEYS;
    assert.deepEqual(await sentencesOf('encrypted-success', keys), STORIES['success']);
  });

  it('leaves out what is encrypted with a key that is missing', async () => {
    assert.deepEqual(await sentencesOf('encrypted-unknown-then-sent-again', OTHER_KEYS), [
      'Started.',
      'Request 1: outcome unknown.',
      'The sent messages could not be read.',
      'Request 2: accepted.',
      'Completed.',
    ]);
  });

  it('knows what was never answered, before and after the end', async () => {
    const { events, workflowId } = await readEvents('success');
    const untilRequest = events.filter(({ eventId }) => Number(eventId) <= 7);
    const sentences = async (history: readonly HistoryEvent[]) =>
      (await readStory(workflowId, history, PLAIN)).map(({ sentence }) => sentence);
    assert.deepEqual(await sentences(untilRequest), ['Started.', 'Request 1: under way.']);
    const end: HistoryEvent = {
      eventTime: events.at(-1)?.eventTime ?? null,
      workflowExecutionTerminatedEventAttributes: {},
    };
    assert.deepEqual(await sentences([...untilRequest, end]), [
      'Started.',
      'Request 1: no answer before the run ended, it may have been sent.',
      'Terminated by an operator.',
    ]);
  });

  it('keeps what a send waited for before it was opted out', async () => {
    const { events, workflowId } = await readEvents('marketing-waits-then-success');
    const waited = events.filter(({ eventId }) => Number(eventId) <= 18);
    const optedOut: HistoryEvent = {
      eventTime: events[18]?.eventTime ?? null,
      activityTaskFailedEventAttributes: {
        scheduledEventId: events[16]?.eventId ?? null,
        failure: { applicationFailureInfo: { type: 'RECIPIENT_OPTED_OUT' } },
      },
    };
    const story = await readStory(workflowId, [...waited, optedOut], PLAIN);
    assert.deepEqual(
      story.map(({ step }) => step),
      ['started', 'waiting'],
    );
  });

  it('of every recorded run begins, ends, and holds no number', async () => {
    for (const file of await readdir(DIRECTORY)) {
      const story = await storyOf(file.replace('.json', ''), HISTORY_PAYLOAD_KEYS);
      assert.equal(story[0]?.step, 'started', file);
      assert.equal(story.at(-1)?.step, 'ended', file);
      assert.doesNotMatch(JSON.stringify(story), /\+?33\d{9}|bonjour/i, file);
      assert.ok(shortenStory(story, 12).length <= 12, file);
    }
  });
});

describe('a story in few lines', () => {
  const at = '2030-01-02T08:00:00.000Z';
  const request = (number: number, answer: string): SmsStep => ({
    at,
    step: 'request',
    sentence: `Request ${number}: ${answer}`,
  });
  const started: SmsStep = { at, step: 'started', sentence: 'Started.' };
  const sentences = (story: readonly SmsStep[], max: number) =>
    shortenStory(story, max).map(({ sentence }) => sentence);

  it('joins requests of a row that ended alike', () => {
    const story = [
      started,
      request(1, 'a.'),
      request(2, 'b.'),
      request(3, 'b.'),
      request(4, 'b.'),
      request(5, 'a.'),
    ];
    assert.deepEqual(sentences(story, 12), [
      'Started.',
      'Request 1: a.',
      'Requests 2 to 4: b.',
      'Request 5: a.',
    ]);
  });

  it('leaves out the middle, and counts it', () => {
    const story = [started, ...Array.from({ length: 20 }, (_, index) => request(index + 1, `${index}.`))];
    const lines = sentences(story, 12);
    assert.equal(lines.length, 12);
    assert.deepEqual(lines.slice(0, 5), [
      'Started.',
      'Request 1: 0.',
      'Request 2: 1.',
      'Request 3: 2.',
      '… 10 steps more: see --json',
    ]);
    assert.equal(lines.at(-1), 'Request 20: 19.');
  });

  it('is left as it is where it fits', () => {
    const story = [started, ...Array.from({ length: 11 }, (_, index) => request(index + 1, `${index}.`))];
    assert.equal(shortenStory(story, 12).length, 12);
    assert.deepEqual(shortenStory([], 12), []);
  });
});
