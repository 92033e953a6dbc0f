import { chmod, chown, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { freePort } from '../../tools/servers/free-port.js';
import type { EmbeddedPostgres } from '../../tools/servers/embedded-postgres.js';
import { startGuarded } from '../../tools/servers/guarded-process.js';
import { childEnvironment } from '../../tools/servers/isolated-environment.js';
import { HopelessError, waitUntil } from '../../tools/servers/wait-until.js';
import { makeDirectory, sharedGuard } from '../support/scratch.js';
import { onDatabase } from './database-fixture.js';

/** The program, where there is one: Debian keeps it out of other users' PATH. */
export async function findPgBouncer(): Promise<string | undefined> {
  for (const program of ['pgbouncer', '/usr/sbin/pgbouncer']) {
    const { failed } = await execa(program, ['--version'], { reject: false });
    if (!failed) return program;
  }
  return undefined;
}

/**
 * Starts a PgBouncer in front of a server, with one connection to it, so that all clients share a
 * session.
 */
export async function startPgBouncer(
  program: string,
  server: EmbeddedPostgres,
  settings: Record<string, string>,
): Promise<{ url: string; stop: () => Promise<void> }> {
  const directory = await makeDirectory('pgbouncer');
  const port = await freePort();
  const { user, password } = server.superuser;
  const users = join(directory, 'users.txt');
  const configuration = join(directory, 'pgbouncer.ini');
  const all = {
    listen_addr: '127.0.0.1',
    listen_port: String(port),
    unix_socket_dir: '',
    auth_type: 'scram-sha-256',
    auth_file: users,
    default_pool_size: '1',
    ...settings,
  };
  await writeFile(users, `"${user}" "${password}"\n`);
  const lines = Object.entries(all).map(([name, value]) => `${name} = ${value}`);
  await writeFile(
    configuration,
    ['[databases]', `web = host=127.0.0.1 port=${server.port}`, '[pgbouncer]', ...lines].join('\n') + '\n',
  );
  // It does not run as root, no more than PostgreSQL does, which runs as somebody else then.
  const owner = process.getuid?.() === 0 ? await ownerOf(server) : undefined;
  await chmod(directory, 0o755);
  if (owner !== undefined) for (const file of [users, configuration]) await chown(file, owner.uid, owner.gid);
  const started = await startGuarded({
    guard: await sharedGuard(),
    command: program,
    args: [configuration],
    env: childEnvironment({}),
    cwd: directory,
    user: owner,
  });
  const url = `postgres://${user}:${password}@127.0.0.1:${port}/web`;
  await waitUntil('PgBouncer to answer', async () => {
    if (started.child.exitCode !== null) throw new HopelessError(`PgBouncer ended:\n${started.output()}`);
    await onDatabase(url, (sql) => sql`SELECT 1`.simple());
    return true;
  });
  return { url, stop: () => started.stop('SIGINT') };
}

async function ownerOf(server: EmbeddedPostgres): Promise<{ uid: number; gid: number }> {
  const { uid, gid } = await stat(`/proc/${server.pid()}`);
  return { uid, gid };
}
