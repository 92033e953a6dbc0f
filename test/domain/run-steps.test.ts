import assert from 'node:assert/strict';
import { addStep, NO_STEPS, presentOf, renderDetails } from '../../src/domain/run-steps.js';

const START_MS = Date.UTC(2030, 0, 2, 8);

/** The lines after these steps, one a minute, without their times. */
function linesAfter(sentences: readonly string[]): string[] {
  const steps = sentences.reduce(
    (before, sentence, index) => addStep(before, sentence, START_MS + index * 60_000),
    NO_STEPS,
  );
  const [present, , ...lines] = renderDetails('Held: why.', steps).split('\n');
  assert.equal(present, 'Held: why.');
  return lines.map((line) => line.replace(/^- (?:\S+Z )?/, ''));
}

describe('the steps in the details of a run', () => {
  it('stand below what it does now, as a Markdown list with times', () => {
    const steps = addStep(
      addStep(NO_STEPS, 'Request 1: accepted.', START_MS),
      'The phone has sent it.',
      START_MS + 30_000,
    );
    assert.equal(
      renderDetails('The phone has sent the message.', steps),
      [
        'The phone has sent the message.',
        '',
        '- 2030-01-02T08:00:00Z Request 1: accepted.',
        '- 2030-01-02T08:00:30Z The phone has sent it.',
      ].join('\n'),
    );
  });

  it('leave what it does now alone while there are none', () => {
    assert.equal(renderDetails('Loading.', NO_STEPS), 'Loading.');
  });

  it('never take more than eight lines, and lose the middle', () => {
    const sentences = Array.from({ length: 40 }, (_, index) => `Step ${index + 1}.`);
    for (const [index] of sentences.entries()) {
      assert.ok(linesAfter(sentences.slice(0, index + 1)).length <= 8);
    }
    assert.deepEqual(linesAfter(sentences), [
      'Step 1.',
      'Step 2.',
      '… 33 more',
      'Step 36.',
      'Step 37.',
      'Step 38.',
      'Step 39.',
      'Step 40.',
    ]);
  });

  it('count requests of a row that ended alike as one, and say nothing twice in a row', () => {
    assert.deepEqual(
      linesAfter([
        'Request 1: not sent (HTTP 503).',
        'Request 2: not sent (HTTP 503).',
        'Request 3: not sent (HTTP 503).',
        'The sent messages do not show it.',
        'The sent messages do not show it.',
        'Request 4: not sent (HTTP 503).',
        'Request 5: accepted.',
      ]),
      [
        'Requests 1 to 3: not sent (HTTP 503).',
        'The sent messages do not show it.',
        'Request 4: not sent (HTTP 503).',
        'Request 5: accepted.',
      ],
    );
  });

  it('take one line each, whatever they quote', () => {
    assert.deepEqual(linesAfter(['Request 1: not sent: a\n\n# title.']), ['Request 1: not sent: a # title.']);
  });

  it('are not part of what a client reports as the present', () => {
    const steps = addStep(NO_STEPS, 'Request 1: accepted.', START_MS);
    assert.equal(presentOf(renderDetails('Next check: soon.', steps)), 'Next check: soon.');
    assert.equal(presentOf(''), '');
  });
});
