import { EventEmitter } from 'node:events';
import { Readable, Writable } from 'node:stream';
import type { CliIo, CliOutput } from '../../src/cli/cli-run.js';
import { runCli } from '../../src/cli/run-cli.js';
import { childEnvironment } from '../../tools/servers/isolated-environment.js';
import type { Ended } from './run-node.js';

/** What a command is given within a test. */
export interface CapturedOptions {
  /** The whole environment, but for what every program needs. */
  readonly env?: Record<string, string>;
  /** All of standard input. */
  readonly input?: string;
}

/** The outside of a command that runs within the test, and what it wrote so far. */
export interface CapturedIo extends CliIo {
  readonly signals: EventEmitter;
  readonly written: { readonly stdout: string; readonly stderr: string };
  /** The code that the command ends at once with. */
  readonly exited: Promise<number>;
}

/** Makes one; nothing of it is a terminal. */
export function captureIo({ env, input = '' }: CapturedOptions = {}): CapturedIo {
  const written = { stdout: '', stderr: '' };
  const output = (name: keyof typeof written): CliOutput =>
    new Writable({
      decodeStrings: false,
      write(text: string, _encoding, done) {
        written[name] += text;
        done();
      },
    });
  let exit: CliIo['exit'] = () => undefined;
  const exited = new Promise<number>((resolve) => (exit = resolve));
  return {
    env: childEnvironment(env),
    stdin: Readable.from([input]),
    stdout: output('stdout'),
    stderr: output('stderr'),
    signals: new EventEmitter(),
    exit,
    written,
    exited,
  };
}

/** Runs `sms` within the test; what it wrote comes without its last line end, as of a process. */
export async function runSms(
  args: readonly string[],
  options: CapturedOptions & Pick<CliIo, 'callTimeoutMs'> = {},
): Promise<Ended> {
  const { callTimeoutMs } = options;
  const io = captureIo(options);
  const exitCode = await Promise.race([
    runCli(args, { ...io, ...(callTimeoutMs === undefined ? {} : { callTimeoutMs }) }),
    io.exited,
  ]);
  const { stdout, stderr } = io.written;
  return { exitCode, stdout: withoutLastLineEnd(stdout), stderr: withoutLastLineEnd(stderr) };
}

function withoutLastLineEnd(text: string): string {
  return text.replace(/\r?\n$/, '');
}
