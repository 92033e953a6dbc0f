import { randomInt } from 'node:crypto';
import { Command, Option } from 'commander';
import { wholeNumber } from '../simulator/whole-number.js';
import {
  TEMPORAL_SERVER_VERSIONS,
  type TemporalServerVersion,
} from '../servers/production-temporal/find-server.js';
import { MAX_SENDS } from './plan/plan.js';

/** The options of `npm run chaos`. */
export interface ChaosOptions {
  readonly sends: number;
  readonly seed: number;
  readonly lateRows: boolean;
  /** With marketing messages, opt-outs, hours and limits. */
  readonly policies: boolean;
  /** With sends that are followed until their phone has sent them. */
  readonly follow: boolean;
  /** What is put into the fire instead of this service. */
  readonly peer: 'bullmq' | undefined;
  /**
   * The version of Temporal's server on PostgreSQL to run on, built with Go; the development server
   * if left out.
   */
  readonly server: TemporalServerVersion | undefined;
  /** Where the report is written as JSON. */
  readonly json: string | undefined;
}

const LARGEST_SEED = 0xffff_ffff;

/** Reads the command line; prints help or a clear error and exits by itself. */
export function readChaosOptions(): ChaosOptions {
  const command = new Command('npm run chaos --')
    .description(
      'Send SMS while requests, the list of sent messages, workers, database and broker fail, and count what the phones received.',
    )
    .option('--sends <count>', 'number of jobs', wholeNumber(1, MAX_SENDS), 200)
    .option('--seed <number>', 'repeat the plan of a run; random by default', wholeNumber(0, LARGEST_SEED))
    .option(
      '--late-rows',
      "let rows appear late in the provider's list of sent messages, some after the last check",
      false,
    )
    .addOption(
      new Option('--policies', 'send marketing messages, too: recipients opt out, hours open and close')
        .default(false)
        .conflicts(['peer', 'lateRows', 'follow']),
    )
    .addOption(
      new Option(
        '--follow',
        'follow each message until its phone has sent it: phones are late, fail, come back',
      )
        .default(false)
        .conflicts(['peer', 'lateRows']),
    )
    .addOption(new Option('--peer <name>', 'expose another system to the same faults').choices(['bullmq']))
    .addOption(
      new Option('--server <version>', "run on Temporal's server, built with Go, on PostgreSQL").choices(
        Object.values(TEMPORAL_SERVER_VERSIONS),
      ),
    )
    .option('--json <file>', 'also write the report as JSON')
    .allowExcessArguments(false)
    .parse();
  const options = command.opts<Omit<ChaosOptions, 'seed'> & { seed?: number }>();
  return { ...options, seed: options.seed ?? randomInt(LARGEST_SEED) };
}
