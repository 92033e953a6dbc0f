import { formatTimestamp } from './timestamp.js';

/** How many lines are kept: the first of a run, and its latest. */
const FIRST = 2;
const LATEST = 5;

/** One of the main steps of a run; the latest of several that were alike. */
interface RunStep {
  /** Epoch milliseconds. */
  readonly atMs: number;
  readonly sentence: string;
  /** The number of the first request of a row that ended alike. */
  readonly since: string | undefined;
}

/** The main steps of a run so far: a few of them, however long it runs. */
export interface RunSteps {
  readonly first: readonly RunStep[];
  readonly latest: readonly RunStep[];
  /** How many were dropped between the two. */
  readonly dropped: number;
}

/** The steps of a run that has just begun. */
export const NO_STEPS: RunSteps = { first: [], latest: [], dropped: 0 };

const REQUEST = /^Request (?<number>\d+): (?<answer>.*)$/s;

/** The steps with one more; one like the step before it only brings that up to date. */
export function addStep(steps: RunSteps, sentence: string, atMs: number): RunSteps {
  const before = steps.latest.at(-1) ?? steps.first.at(-1);
  if (before?.sentence === sentence) return steps;
  const said = REQUEST.exec(sentence)?.groups;
  const saidBefore = REQUEST.exec(before?.sentence ?? '')?.groups;
  const isAlike = said !== undefined && said['answer'] === saidBefore?.['answer'];
  const since = isAlike ? (before?.since ?? saidBefore?.['number']) : undefined;
  return append(isAlike ? withoutLast(steps) : steps, { atMs, sentence, since });
}

/**
 * What the Web UI shows of a run, as Markdown: what it does now, and below, in at most 8 lines, its
 * main steps.
 */
export function renderDetails(present: string, { first, latest, dropped }: RunSteps): string {
  const lines = [
    ...first.map(toLine),
    ...(dropped === 0 ? [] : [`- … ${dropped} more`]),
    ...latest.map(toLine),
  ];
  return lines.length === 0 ? present : `${present}\n\n${lines.join('\n')}`;
}

/** What a run does now, of what {@link renderDetails} has made. */
export function presentOf(details: string): string {
  return details.split('\n\n', 1)[0] ?? '';
}

function append({ first, latest, dropped }: RunSteps, step: RunStep): RunSteps {
  if (first.length < FIRST) return { first: [...first, step], latest, dropped };
  const all = [...latest, step];
  const over = Math.max(0, all.length - LATEST);
  return { first, latest: all.slice(over), dropped: dropped + over };
}

function withoutLast({ first, latest, dropped }: RunSteps): RunSteps {
  if (latest.length > 0) return { first, latest: latest.slice(0, -1), dropped };
  return { first: first.slice(0, -1), latest, dropped };
}

function toLine({ atMs, sentence, since }: RunStep): string {
  const said = since === undefined ? sentence : sentence.replace(/^Request (\d+)/, `Requests ${since} to $1`);
  // One line each, whatever the sentence quotes.
  return `- ${formatTimestamp(atMs)} ${said.replaceAll(/\s+/g, ' ')}`;
}
