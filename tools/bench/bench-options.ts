import { Command } from 'commander';
import { wholeNumber } from '../simulator/whole-number.js';

/** Which measurement is wanted. */
export type Measurement = 'compare' | 'worker' | 'backlog' | 'settings' | 'moments';

/** The options of `npm run bench`. */
export interface BenchOptions {
  readonly measurement: Measurement;
  /** Fewer rounds and shorter windows: under two minutes, for a first impression. */
  readonly quick: boolean;
  /** Four times as many sends where memory and backlogs are measured. */
  readonly long: boolean;
  /**
   * Further shapes, which explain the others: three activities taken eagerly, one activity with our
   * memo and search attributes.
   */
  readonly all: boolean;
  /** The same job on other systems. */
  readonly peers: boolean;
  readonly rounds: number | undefined;
  /** The directory of the figures, as JSON, and the chart. */
  readonly out: string;
}

const MEASUREMENTS: Readonly<Record<Exclude<Measurement, 'compare'>, string>> = {
  worker: 'measure how soon a worker polls, whether its memory stays flat, and where its CPU time goes',
  backlog: 'measure how thousands of waiting sends drain, and whether a small account waits for a large one',
  settings: 'measure the effect of each setting of worker, client and server',
  moments: 'measure how long the transaction takes that grants a moment to a marketing message',
};

/** Reads the command line; prints help or a clear error and exits by itself. */
export function readBenchOptions(
  /** What follows the name of the program; @default the command line of this process */
  args: readonly string[] = process.argv.slice(2),
  /** Without options yet: how it ends and where it writes is up to the caller. */
  command: Command = new Command('npm run bench --'),
): BenchOptions {
  const chosen: { measurement: Measurement } = { measurement: 'compare' };
  command
    .description(
      'Measure sends per second, latency and cost, as ratios within one run, on a production-like Temporal server.',
    )
    .option('--quick', 'run one short round, under two minutes', false)
    .option('--long', 'send four times as many messages (worker, backlog)', false)
    .option('--all', 'add two shapes that explain the others', false)
    .option('--peers', 'run the same job on BullMQ, pg-boss, Graphile Worker and DBOS', false)
    .option('--rounds <count>', 'number of rounds', wholeNumber(1, 50))
    .option('--out <directory>', 'directory for figures and chart', 'bench-results')
    .action((_options, { args: [unknown] }: Command) => {
      if (unknown === undefined) return;
      const known = Object.keys(MEASUREMENTS).join(', ');
      command.error(`error: unknown measurement '${unknown}': choose ${known}, or none for the comparison`);
    });
  for (const [name, description] of Object.entries(MEASUREMENTS)) {
    command
      .command(name)
      .description(description)
      .action(() => {
        chosen.measurement = name as Measurement;
      });
  }
  // Otherwise an unknown measurement would be reported as one argument too many.
  command.allowExcessArguments();
  command.enablePositionalOptions(false).parse(args, { from: 'user' });
  return { ...command.opts<Omit<BenchOptions, 'measurement'>>(), ...chosen };
}
