import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findCompose, run } from './engine.js';
import { HopelessError, waitUntil } from '../../tools/servers/wait-until.js';
import { makeDirectory } from '../support/scratch.js';

/** Long enough for a slow machine, in milliseconds. */
const HEALTHY_WITHIN_MS = 5 * 60_000;

/**
 * The services of the Compose file, with the profiles `simulator` and `example-db`, under a project
 * of their own.
 */
export interface ComposeStack {
  /** The one API key that the simulator accepts. */
  readonly apiKey: string;
  /** Runs a command of Compose; returns its standard output. */
  compose(...args: string[]): Promise<string>;
  /** Runs a program in a service that is up, with `input` as its standard input. */
  exec(service: string, command: readonly string[], input?: string): Promise<string>;
  /** Runs SQL in the example database as its owner. */
  psql(sql: string): Promise<string>;
  /** What `docker inspect` says of the one container of a service. */
  inspect(service: string, format: string): Promise<string>;
  /** `durable-sms` in the worker that talks to the simulator. */
  sms(args: readonly string[], input?: string): Promise<string>;
  /** Starts what is not up, and waits until every service that stays up is healthy. */
  up(): Promise<void>;
  waitForHealth(service: string, health: 'healthy' | 'unhealthy'): Promise<void>;
  /** What the health checks of a service printed last. */
  lastChecks(service: string): Promise<string>;
  /** Containers, networks and volumes of the project that are there. */
  leftovers(): Promise<string>;
}

const STAY_UP = [
  'temporal-postgresql',
  'temporal',
  'temporal-ui',
  'worker',
  'simulator',
  'simulator-worker',
  'example-db',
];

const secret = () => randomBytes(32).toString('hex');

/** Prepares a stack with secrets of its own; nothing is started. */
export async function createComposeStack(): Promise<ComposeStack> {
  const [program, ...first] = (await findCompose()) ?? ['docker', 'compose'];
  const project = `durable-sms-test-${randomBytes(4).toString('hex')}`;
  const [apiKey, password] = [secret(), secret()];
  const envFile = join(await makeDirectory('compose'), '.env');
  await writeFile(
    envFile,
    `TEMPORAL_POSTGRES_PASSWORD=${secret()}
EXAMPLE_DB_PASSWORD=${password}
DATABASE_URL=postgres://web_app:${password}@example-db:5432/web_app
SMS_API_KEY_ENCRYPTION_KEY=${secret()}
SMS_PAYLOAD_KEYS=test:${secret()}
SIMULATOR_API_KEY=${apiKey}
`,
  );
  const profiles = ['--profile', 'simulator', '--profile', 'example-db'];
  const fixed = [
    ...first,
    '--env-file',
    envFile,
    '-p',
    project,
    '-f',
    'docker-compose.temporal.yml',
    ...profiles,
  ];
  const compose = (...args: string[]) => run(program, [...fixed, ...args]);
  const exec = (service: string, command: readonly string[], input?: string) =>
    run(program, [...fixed, 'exec', '-T', service, ...command], input);

  async function inspect(service: string, format: string): Promise<string> {
    // With -a, as one that ran once has ended.
    const container = await compose('ps', '-a', '-q', service);
    return await run('docker', ['inspect', '--format', format, container.trim()]);
  }

  async function waitForHealth(service: string, health: string): Promise<void> {
    await waitUntil(
      `${service} to be ${health}`,
      async () => {
        const [state, found] = (await inspect(service, '{{.State.Status}} {{.State.Health.Status}}')).split(
          ' ',
        );
        if (state === 'exited')
          throw new HopelessError(`${service} ended:\n${await compose('logs', service)}`);
        return found === health;
      },
      { timeoutMs: HEALTHY_WITHIN_MS, everyMs: 1_000 },
    );
  }

  const labelled = (kind: string) =>
    run('docker', [kind, 'ls', '-q', '--filter', `label=com.docker.compose.project=${project}`]);

  return {
    apiKey,
    compose,
    exec,
    psql: (sql) => exec('example-db', ['psql', '-U', 'web_app', '-v', 'ON_ERROR_STOP=1', '-c', sql]),
    inspect,
    sms: (args, input) => exec('simulator-worker', ['node', 'dist/cli.js', ...args], input),
    async up() {
      await compose('up', '-d');
      for (const service of STAY_UP) await waitForHealth(service, 'healthy');
    },
    waitForHealth,
    lastChecks: (service) => inspect(service, '{{range .State.Health.Log}}{{.Output}}{{end}}'),
    async leftovers() {
      return (await Promise.all(['container', 'network', 'volume'].map(labelled))).join('').trim();
    },
  };
}
