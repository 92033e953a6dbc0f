import type { Environment } from '../config.js';
import { EXIT } from './cli-error.js';

/** Where a command writes; a terminal, maybe. */
export type CliOutput = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/** What `durable-sms` sees of the world around it. */
export interface CliIo {
  readonly env: Environment;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: CliOutput;
  readonly stderr: CliOutput;
  /** Emits SIGINT and SIGTERM. */
  readonly signals: Pick<NodeJS.EventEmitter, 'on' | 'once' | 'off'>;
  /** Ends at once, even with work under way. */
  readonly exit: (exitCode: number) => void;
  /** How long Temporal has to answer one request, in milliseconds. @default as of a client */
  readonly callTimeoutMs?: number;
}

/** One run of `durable-sms`: what a command reads, prints and ends with. */
export interface CliRun extends CliIo {
  /** What the run ends with unless it throws. */
  exitCode: number;
  /** Writes a line to standard output. */
  readonly print: (line: string) => void;
  /** Writes a line to standard error. */
  readonly say: (line: string) => void;
}

/** A run that has not failed so far. */
export function createCliRun(io: CliIo): CliRun {
  return {
    ...io,
    exitCode: EXIT.ok,
    print: (line) => void io.stdout.write(`${line}\n`),
    say: (line) => void io.stderr.write(`${line}\n`),
  };
}
