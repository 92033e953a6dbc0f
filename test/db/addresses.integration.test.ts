import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { connect, createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { sql } from 'drizzle-orm';
import { openDatabase } from '../../src/db/database.js';
import { setApiKey } from '../../src/db/set-api-key.js';
import { openStoredKeys } from '../../src/db/stored-keys.js';
import { addAccount } from '../../tools/dev/demo-account.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { createAuthority, type Certificate } from './certificates.js';
import { HARD_PASSWORD, startSecurePostgres, type SecurePostgres } from './secure-postgres.js';
import { askOnce, assertUnavailable, onDatabase } from './database-fixture.js';
import { makeDirectory } from '../support/scratch.js';

/** What the server says of the connection that this address opens. */
async function connectionOf(url: string) {
  const database = openDatabase({ url, maxConnections: 1 });
  try {
    const [row] = await database.read<{
      tls: boolean;
      tcp: boolean;
      path: string;
      name: string;
      role: string;
    }>(sql`
      SELECT ssl AS tls, inet_server_addr() IS NOT NULL AS tcp, current_setting('search_path') AS path,
        current_setting('application_name') AS name, current_user AS role
      FROM pg_stat_ssl WHERE pid = pg_backend_pid()`);
    assert.ok(row);
    return row;
  } finally {
    await database.close();
  }
}

describe('the address of the database', () => {
  let postgres: SecurePostgres;
  let id: string;
  /** For localhost and 127.0.0.1, of the server's authority. */
  let right: Certificate;
  let password: string;
  let port: number;
  before(async () => {
    postgres = await startSecurePostgres();
    ({ port } = postgres.server);
    ({ password } = postgres.server.superuser);
    id = await addAccount(postgres.url, { apiKey: 'k', encryptionKey: randomBytes(32).toString('hex') });
    right = await postgres.authority.issue('right', 'DNS:localhost,IP:127.0.0.1');
    await postgres.show(right);
    await waitUntil('TLS to be on', async () => (await connectionOf(at('sslmode=prefer'))).tls);
  });

  const at = (query: string, host = `127.0.0.1:${port}`) =>
    `postgres://postgres:${password}@${host}/web?${query}`;
  const root = () => `sslrootcert=${postgres.authority.cert}`;

  describe('with parameters of hosting companies and ORMs', () => {
    for (const query of [
      'schema=public&connection_limit=5&pool_timeout=10&pgbouncer=true&statement_cache_size=0&socket_timeout=3',
      'sslmode=require&keepalives=1&keepalives_idle=30&keepalives_interval=10&keepalives_count=5&tcp_user_timeout=9000',
      'gssencmode=disable&target_session_attrs=read-write&connect_timeout=10',
      'gssencmode=prefer&target_session_attrs=any&channel_binding=prefer&load_balance_hosts=random',
      'application_name=web&client_encoding=utf8&options=-c%20work_mem%3D8MB&sslmode=prefer',
      'pool_max_conns=10&default_query_exec_mode=simple_protocol&ssl=true',
      'supa=base-pooler.x&sslmode=no-verify&prepared_statements=false&uselibpqcompat=true',
    ]) {
      it(`works: ?${query}`, async () => {
        assert.ok(await askOnce(at(query), id));
        assert.equal(await setApiKey(at(query), id, 'x'.repeat(44)), true);
        assert.equal(await setApiKey(at(query), randomUUID(), 'x'), false);
        const keys = openStoredKeys({ databaseUrl: at(query), readOnly: false });
        try {
          assert.equal(await keys.replace({ accountId: id, stored: 'another', next: 'x' }), 'differs');
          assert.equal(await keys.find(id), 'x'.repeat(44));
        } finally {
          await keys.close();
        }
      });
    }

    it('finds tables only in the schema that it names', async () => {
      await onDatabase(postgres.url, (owner) => owner.unsafe(`CREATE SCHEMA IF NOT EXISTS "Web "" app"`));
      await assertUnavailable(askOnce(at('schema=Web+%22+app'.replaceAll('+', '%20')), id), '42P01', {
        url: postgres.url,
      });
      assert.equal((await connectionOf(at('schema=Web%20%22%20app'))).path, '"Web "" app"');
      assert.equal((await connectionOf(at('search_path=a%5C,public'))).path, 'a\\,public');
    });

    it('sets the application name it gives, or the default', async () => {
      assert.equal((await connectionOf(at('application_name=web'))).name, 'web');
      assert.equal((await connectionOf(at(''))).name, 'durable-sms');
    });
  });

  describe('with a socket', () => {
    it('works in every spelling', async () => {
      const directory = postgres.socketDirectory;
      const encoded = encodeURIComponent(directory);
      for (const url of [
        `postgres://postgres:${password}@localhost:${port}/web?host=${directory}`,
        `postgresql://postgres:${password}@/web?host=${encoded}/&port=${port}`,
        `postgresql://postgres:${password}@${encoded}:${port}/web?sslmode=require`,
        `postgresql:///web?host=${directory}&port=${port}&user=trusted`,
        `postgresql:///?host=${directory}&port=${port}&user=trusted&dbname=web`,
      ]) {
        const { tcp, tls } = await connectionOf(url);
        assert.deepEqual({ tcp, tls }, { tcp: false, tls: false }, url.replace(password, '…'));
      }
    });

    it('is DATABASE_UNAVAILABLE when the socket does not exist', async () => {
      const url = `postgres://postgres:${password}@localhost/web?host=/nowhere`;
      await assertUnavailable(askOnce(url, id), 'ENOENT', { url });
    });
  });

  it('accepts an IPv6 address', async function () {
    const probe = createServer();
    const there = await once(probe.listen(0, '::1'), 'listening').then(
      () => true,
      () => false,
    );
    probe.close();
    if (!there) this.skip();
    assert.equal((await connectionOf(at('', `[::1]:${port}`))).tcp, true);
  });

  it('accepts a password with every special character, over TLS', async () => {
    const url = `postgres://encrypted:${encodeURIComponent(HARD_PASSWORD)}@127.0.0.1:${port}/web`;
    assert.deepEqual((await connectionOf(url)).role, 'encrypted');
  });

  it('needs no password where the server asks for none', async () => {
    assert.equal((await connectionOf(`postgres://trusted@127.0.0.1:${port}/web`)).role, 'trusted');
  });

  it('is the only source: PG… variables change nothing', async () => {
    const variables = {
      PGPASSWORD: 'another',
      PGUSER: 'nobody',
      PGHOST: 'nowhere.invalid',
      PGPORT: '1',
      PGSSLMODE: 'verify-full',
      PGTARGETSESSIONATTRS: 'no-such-kind',
      PGCONNECT_TIMEOUT: 'x',
    };
    Object.assign(process.env, variables);
    try {
      assert.equal((await connectionOf(`postgres://trusted@127.0.0.1:${port}/web`)).role, 'trusted');
    } finally {
      for (const name of Object.keys(variables)) Reflect.deleteProperty(process.env, name);
    }
  });

  describe('with several hosts', () => {
    it('tries the next host when nothing listens', async () => {
      assert.ok(await askOnce(at('', `127.0.0.1:1,127.0.0.1:${port}`), id));
      assert.ok(await askOnce(at(`host=/nowhere,127.0.0.1&port=1,${port}`), id));
    });

    it('tries the next host when the first never answers', async () => {
      const silent = createServer(() => undefined).listen(0, '127.0.0.1');
      await once(silent, 'listening');
      const { port: silentPort } = silent.address() as AddressInfo;
      try {
        assert.ok(await askOnce(at('', `127.0.0.1:${silentPort},127.0.0.1:${port}`), id));
      } finally {
        silent.close();
      }
    });

    it('is DATABASE_UNAVAILABLE at once when nothing listens at any host', async () => {
      const url = at('', '127.0.0.1:1,127.0.0.1:2');
      await assertUnavailable(askOnce(url, id), 'ECONNREFUSED', { url: postgres.url });
    });

    it('picks the host of the requested kind', async () => {
      await onDatabase(postgres.url, async (owner) => {
        await owner`CREATE DATABASE other`;
      });
      for (const [kind, code] of [
        ['read-write', undefined],
        ['primary', undefined],
        ['prefer-standby', undefined],
        ['any', undefined],
        ['standby', 'WRONG_SERVER'],
        ['read-only', 'WRONG_SERVER'],
      ] as const) {
        const asked = askOnce(at(`target_session_attrs=${kind}`, `127.0.0.1:${port},localhost:${port}`), id);
        if (code === undefined) assert.ok(await asked, kind);
        else await assertUnavailable(asked, code, { url: postgres.url });
      }
      await onDatabase(
        postgres.url,
        (owner) => owner`ALTER ROLE trusted SET default_transaction_read_only = on`,
      );
      const readOnly = `postgres://trusted@127.0.0.1:${port}/web?target_session_attrs=`;
      assert.ok(await askOnce(`${readOnly}read-only`, id));
      await assertUnavailable(askOnce(`${readOnly}read-write`, id), 'WRONG_SERVER', { url: postgres.url });
    });
  });

  describe('with sslmode', () => {
    for (const [query, tls] of [
      ['', true],
      ['sslmode=disable', false],
      ['sslmode=allow', true],
      ['sslmode=prefer', true],
      ['sslmode=require', true],
      ['ssl=true', true],
      ['ssl=0', false],
      ['sslmode=require&sslnegotiation=direct', true],
    ] as const) {
      it(`?${query} connects ${tls ? 'over TLS' : 'without TLS'}, and trusts any certificate`, async () => {
        assert.equal((await connectionOf(at(query))).tls, tls);
      });
    }

    it('verifies the authority with verify-ca, and with require when a root certificate is given', async () => {
      const stranger = await createAuthority(await makeDirectory('stranger'), 'stranger');
      for (const mode of ['verify-ca', 'require', 'verify-full']) {
        assert.equal((await connectionOf(at(`sslmode=${mode}&${root()}`))).tls, true, mode);
        const url = at(`sslmode=${mode}&sslrootcert=${stranger.cert}`);
        const error = await assertUnavailable(askOnce(url, id), /CERT|SIGNATURE/, { url: postgres.url });
        assert.match(error.message, /not from a trusted authority: see sslrootcert/);
      }
    });

    it('verifies against the system’s authorities with verify-full alone, system, and channel_binding=require', async () => {
      for (const query of [
        'sslmode=verify-full',
        'sslrootcert=system',
        'sslmode=require&channel_binding=require',
        'channel_binding=require',
        'sslmode=require&sslaccept=strict',
      ]) {
        await assertUnavailable(askOnce(at(query), id), /CERT|SIGNATURE/, { url: postgres.url });
        process.env['SSL_CERT_FILE'] = postgres.authority.cert;
        try {
          assert.equal((await connectionOf(at(query))).tls, true, query);
        } finally {
          delete process.env['SSL_CERT_FILE'];
        }
      }
    });

    it('verifies the host with verify-full: names and IP addresses', async () => {
      const full = `sslmode=verify-full&${root()}`;
      const wrong = await postgres.authority.issue('wrong', 'DNS:db.example,IP:127.0.0.2');
      const named = await postgres.authority.issue('named', 'DNS:localhost');
      const changed = (certificate: Certificate, host: string, query = full) =>
        waitUntil('the certificate to be shown', async () => {
          await postgres.show(certificate);
          const shown = await askOnce(at(query, `${host}:${port}`), id).then(
            () => 'right',
            (error: unknown) => String(error),
          );
          return shown;
        });
      try {
        await postgres.show(wrong);
        await waitUntil('the other certificate', async () =>
          (await changed(wrong, 'localhost')).includes('another host'),
        );
        assert.match(await changed(wrong, '127.0.0.1'), /ERR_TLS_CERT_ALTNAME_INVALID/);
        assert.equal(await changed(wrong, '127.0.0.1', `sslmode=verify-ca&${root()}`), 'right');
        // To an address by its number, a certificate for localhost proves nothing.
        await waitUntil('the third certificate', async () => (await changed(named, 'localhost')) === 'right');
        assert.match(await changed(named, '127.0.0.1'), /ERR_TLS_CERT_ALTNAME_INVALID/);
        const elsewhere = `${full}&hostaddr=127.0.0.1`;
        assert.equal(await changed(named, 'localhost', elsewhere), 'right');
        assert.match(await changed(named, 'db.example', elsewhere), /ERR_TLS_CERT_ALTNAME_INVALID/);
      } finally {
        await postgres.show(right);
        await waitUntil('the first certificate', async () => (await changed(right, '127.0.0.1')) === 'right');
      }
    });

    it('verifies regardless of NODE_TLS_REJECT_UNAUTHORIZED', async () => {
      process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
      try {
        const url = at('sslmode=verify-full');
        await assertUnavailable(askOnce(url, id), /CERT|SIGNATURE/, { url: postgres.url });
      } finally {
        delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      }
    });

    it('presents a client certificate', async () => {
      const { cert, key } = await postgres.authority.issueForClient('certified');
      const url = `postgres://certified@127.0.0.1:${port}/web?sslmode=require&sslcert=${cert}&sslkey=${key}`;
      assert.equal((await connectionOf(url)).role, 'certified');
      const without = `postgres://certified@127.0.0.1:${port}/web?sslmode=require`;
      await assertUnavailable(askOnce(without, id), /28000|CONNECTION_CLOSED/, { url: postgres.url });
    });

    it('sends nothing to a server without TLS when TLS is required, and does without it otherwise', async () => {
      const plain = await listenWithoutTls(port);
      try {
        const [required, preferred] = ['require', 'prefer'].map((mode) =>
          at(`sslmode=${mode}`, `127.0.0.1:${plain.port}`),
        );
        await assertUnavailable(askOnce(required ?? '', id), 'TLS_NOT_OFFERED', { url: postgres.url });
        assert.doesNotMatch(plain.heard(), /postgres|web/);
        assert.ok(await askOnce(preferred ?? '', id));
      } finally {
        await plain.close();
      }
    });
  });
});

/** Answers that there is no TLS, and passes the rest on to this port. */
async function listenWithoutTls(targetPort: number) {
  let heard = '';
  const server = createServer((client) => {
    client.on('error', () => undefined);
    client.once('data', (first) => {
      heard += first.toString('latin1');
      client.write('N');
      const target = connect(targetPort, '127.0.0.1').on('error', () => undefined);
      client.on('data', (data) => (heard += data.toString('latin1')));
      client.pipe(target).pipe(client);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    heard: () => heard,
    async close() {
      server.close();
      await once(server, 'close');
    },
  };
}
