import { Command } from 'commander';

/** The options of `npm run demo` and `npm run dev`. */
export interface DevOptions {
  /** `host:port` of a Temporal server on this machine to use instead of one of our own. */
  readonly temporal?: string;
}

/** Reads the command line of demo or dev; prints help or a clear error and exits by itself. */
export function readDevOptions(name: 'demo' | 'dev', description: string): DevOptions {
  return new Command(`npm run ${name} --`)
    .description(description)
    .option('--temporal <host:port>', 'a Temporal server on this machine to use instead of starting one')
    .allowExcessArguments(false)
    .parse()
    .opts<DevOptions>();
}
