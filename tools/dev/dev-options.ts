import { Command } from 'commander';
import { isLoopbackAddress } from '../servers/temporal-server.js';

/** The options of `npm run demo` and `npm run dev`. */
export interface DevOptions {
  /** `host:port` of a Temporal server on this machine to use instead of one of our own. */
  readonly temporal?: string;
}

/** Reads the command line of demo or dev; prints help or a clear error and exits by itself. */
export function readDevOptions(name: 'demo' | 'dev', description: string): DevOptions {
  const command = new Command(`npm run ${name} --`)
    .description(description)
    .option('--temporal <host:port>', 'use this Temporal server on this machine instead of starting one')
    .allowExcessArguments(false)
    .parse();
  const options = command.opts<DevOptions>();
  if (options.temporal !== undefined && !isLoopbackAddress(options.temporal)) {
    command.error(
      `--temporal accepts only a server on this machine, such as 127.0.0.1:7233, not ${options.temporal}.`,
    );
  }
  return options;
}
