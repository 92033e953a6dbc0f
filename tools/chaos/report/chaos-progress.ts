import { formatElapsed, type Say } from '../../servers/progress.js';

/** The progress of a chaos run. */
export interface ChaosProgress {
  readonly elapsedMs: number;
  readonly sends: number;
  readonly taken: number;
  /** Known jobs that have not ended. */
  readonly open: number;
  readonly held: number;
  readonly resolved: number;
  readonly messages: number;
  /** Of these, beyond one for each job. */
  readonly surplus: number;
  readonly faultsPlanned: number;
  readonly faultsStruck: number;
  /** What is being done to a process right now. */
  readonly now: readonly string[];
  /** Why the last look at the jobs, or the last decision, did not work out. */
  readonly problem: string | undefined;
}

const REDRAW_EVERY_MS = 250;
const LINE_EVERY_MS = 5_000;
const BAR_WIDTH = 24;

/** The progress in one line. */
export function renderProgress(progress: ChaosProgress): string {
  const { sends, taken, open, held, resolved, messages, surplus } = progress;
  const ended = Math.max(0, taken - open);
  const parts = [
    formatElapsed(progress.elapsedMs),
    renderBar(ended / sends),
    `started ${taken}/${sends}, ended ${ended}`,
    `on phones ${messages}${surplus > 0 ? ` (${surplus} too many)` : ''}`,
    ...(held + resolved > 0 ? [`held ${held}, decided ${resolved}`] : []),
    `faults ${progress.faultsStruck}/${progress.faultsPlanned}`,
    ...progress.now,
    ...(progress.problem === undefined ? [] : [progress.problem]),
  ];
  return parts.join('  ');
}

function renderBar(share: number): string {
  const full = Math.round(Math.min(1, share) * BAR_WIDTH);
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_WIDTH - full)}]`;
}

/**
 * Shows the progress until the returned function is called: in place in a terminal, by a line every
 * 5 s in a log.
 */
export function showProgress(say: Say, read: () => ChaosProgress): () => void {
  const terminal = process.stdout.isTTY;
  const timer = setInterval(
    () => {
      const line = renderProgress(read());
      // A line that wraps could not be drawn over.
      if (terminal) process.stdout.write(`\r\u001b[2K${line.slice(0, process.stdout.columns - 1)}`);
      else say(line);
    },
    terminal ? REDRAW_EVERY_MS : LINE_EVERY_MS,
  );
  return () => {
    clearInterval(timer);
    if (terminal) process.stdout.write('\r\u001b[2K');
  };
}
