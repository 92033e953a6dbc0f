import { chmod, chown, copyFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createWebAppTables } from '../../tools/dev/demo-account.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../tools/servers/embedded-postgres.js';
import { cleanUpAtEnd, makeDirectory, sharedGuard } from '../support/scratch.js';
import { createAuthority, type Authority, type Certificate } from './certificates.js';
import { onDatabase } from './database-fixture.js';

/**
 * A PostgreSQL server of its own with TLS, a socket, and roles that are let in by different ways.
 */
export interface SecurePostgres {
  readonly server: EmbeddedPostgres;
  readonly authority: Authority;
  /** The directory of its socket. */
  readonly socketDirectory: string;
  /**
   * The address of a database with an `accounts` table, as the superuser; by TCP without any
   * parameter.
   */
  readonly url: string;
  /** Lets the server show another certificate to new connections. */
  show(certificate: Certificate): Promise<void>;
}

/**
 * Which role is let in how: `encrypted` by TLS only, `certified` by its client certificate,
 * `trusted` without a password.
 */
const HBA = `
local   all trusted              trust
host    all trusted   all        trust
hostssl all certified all        cert
hostssl all encrypted all        scram-sha-256
local   all postgres             scram-sha-256
host    all postgres  all        scram-sha-256
`;

/** The password of `encrypted`, with all that must be encoded in an address. */
export const HARD_PASSWORD = 'a@b:c/d?e#f%g é+ü';

/** Starts the server; it ends with the test process. */
export async function startSecurePostgres(): Promise<SecurePostgres> {
  const directory = await makeDirectory('pg');
  const data = join(directory, 'data');
  const server = await startEmbeddedPostgres({
    guard: await sharedGuard(),
    directory,
    settings: { unix_socket_directories: data, listen_addresses: '127.0.0.1,::1' },
  });
  cleanUpAtEnd.add(server.stop);
  const url = await server.createDatabase('web');
  await createWebAppTables(url);
  const authority = await createAuthority(await makeDirectory('certificates'), 'authority');
  await writeFile(join(data, 'pg_hba.conf'), HBA);
  await onDatabase(url, async (sql) => {
    await sql.unsafe(`
      CREATE ROLE trusted LOGIN SUPERUSER; CREATE ROLE certified LOGIN SUPERUSER;
      CREATE ROLE encrypted LOGIN SUPERUSER PASSWORD '${HARD_PASSWORD}'`);
    await sql.unsafe(`ALTER SYSTEM SET ssl_cert_file = '${join(data, 'shown.crt')}'`);
    await sql.unsafe(`ALTER SYSTEM SET ssl_key_file = '${join(data, 'shown.key')}'`);
    await sql.unsafe(`ALTER SYSTEM SET ssl_ca_file = '${join(data, 'authority.crt')}'`);
    await sql.unsafe(`ALTER SYSTEM SET ssl = on`);
  });

  /** Copies a file to where the server may read it. */
  async function install(from: string, name: string): Promise<void> {
    const path = join(data, name);
    await copyFile(from, path);
    const { uid, gid } = await stat(data);
    await chown(path, uid, gid);
    await chmod(path, 0o600);
  }
  await install(authority.cert, 'authority.crt');
  return {
    server,
    authority,
    socketDirectory: data,
    url,
    async show({ cert, key }) {
      await install(cert, 'shown.crt');
      await install(key, 'shown.key');
      await onDatabase(url, (sql) => sql`SELECT pg_reload_conf()`);
    },
  };
}
