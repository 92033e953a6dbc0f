import type { SmsStep } from './sms-step.js';

/** Requests of a row that ended alike, as one line. */
const REQUEST = /^Request (?<number>\d+): (?<answer>.*)$/s;

/**
 * A story in at most `maxSteps` steps: requests of a row that ended alike become one, and where
 * that is not enough, steps from the middle are left out, and counted.
 */
export function shortenStory(story: readonly SmsStep[], maxSteps: number): readonly SmsStep[] {
  const merged = mergeRequests(story);
  if (merged.length <= maxSteps) return merged;
  const first = Math.ceil((maxSteps - 1) / 3);
  const last = maxSteps - 1 - first;
  const [gap, ...others] = merged.slice(first, merged.length - last);
  return [
    ...merged.slice(0, first),
    ...(gap === undefined ? [] : [{ ...gap, sentence: `… ${others.length + 1} steps more: see --json` }]),
    ...merged.slice(merged.length - last),
  ];
}

function mergeRequests(story: readonly SmsStep[]): SmsStep[] {
  const merged: SmsStep[] = [];
  let first: string | undefined;
  let answer: string | undefined;
  for (const step of story) {
    const request = step.step === 'request' ? REQUEST.exec(step.sentence)?.groups : undefined;
    if (request !== undefined && request['answer'] === answer) {
      merged.pop();
      merged.push({
        ...step,
        sentence: `Requests ${first ?? ''} to ${request['number'] ?? ''}: ${answer ?? ''}`,
      });
      continue;
    }
    ({ number: first, answer } = request ?? {});
    merged.push(step);
  }
  return merged;
}
