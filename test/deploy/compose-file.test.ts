import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { getTableConfig } from 'drizzle-orm/pg-core';
import { parse } from 'yaml';
import { accounts } from '../../src/db/accounts-table.js';
import { DEFAULT_TASK_QUEUE, SEARCH_ATTRIBUTE_NAMES } from '../../src/domain/names.js';
import { readCodecServerConfig } from '../../src/config.js';
import { inRepository, readComposeFile, readRepositoryFile } from './compose-file.js';
import { variablesOf } from './environment-variables.js';
import { findSchemaProblems } from './compose-schema.js';
import { TEMPORAL_SERVER_VERSIONS } from '../../tools/servers/production-temporal/find-server.js';

const REQUIRED_OF_THE_WORKER = ['DATABASE_URL', 'SMS_API_KEY_ENCRYPTION_KEY', 'SMS_PAYLOAD_KEYS'];
/** HEALTH_ADDRESS is where the container's own health check asks. */
const FIXED_FOR_THE_WORKER = ['HEALTH_ADDRESS'];

describe('docker-compose.temporal.yml', () => {
  const file = readComposeFile();
  const services = Object.entries(file.services);
  const service = (name: string) => {
    const found = file.services[name];
    assert.ok(found, `there is no service ${name}`);
    return found;
  };

  it('follows the Compose specification', () => {
    assert.deepEqual(findSchemaProblems(file), []);
  });

  it('is checked by a schema that rejects mistakes', () => {
    const worker = { ...service('worker'), stop_grace_periode: '60s', ports: ['localhost:80:80'] };
    const problems = findSchemaProblems({ ...file, services: { worker } }).join('\n');
    assert.match(problems, /additional properties/);
    assert.match(problems, /\/services\/worker\/ports\/0 must match format "ports"/);
  });

  it('pins every image, Temporal to one version', () => {
    const { newest } = TEMPORAL_SERVER_VERSIONS;
    assert.equal(service('temporal').image, `temporalio/server:${newest}`);
    assert.equal(service('temporal-schema').image, `temporalio/admin-tools:${newest}`);
    assert.equal(service('temporal-namespace').image, service('temporal-schema').image);
    assert.equal(service('temporal-ui').image, 'temporalio/ui:2.54.1');
    for (const [name, { image, build }] of services) {
      // An image name next to `build` would be looked for in a public registry first.
      if (build) assert.equal(image, undefined, name);
      else assert.match(image ?? '', /:[\w.-]*\d[\w.-]*$/, name);
    }
  });

  it('publishes ports on 127.0.0.1 only, each of them once', () => {
    const ports = services.flatMap(([, { ports: published }]) => published ?? []);
    assert.ok(ports.length > 0);
    for (const port of ports) assert.match(port, /^127\.0\.0\.1:\d+:\d+$/);
    assert.equal(new Set(ports.map((port) => port.split(':')[1])).size, ports.length);
    assert.equal(
      service('worker').ports,
      undefined,
      'a published port would stop the worker from being scaled',
    );
  });

  it('waits only for services that exist, on conditions they can meet', () => {
    for (const [name, { depends_on: dependencies, profiles }] of services) {
      for (const [other, { condition }] of Object.entries(dependencies ?? {})) {
        const target = service(other);
        if (condition === 'service_healthy') assert.ok(target.healthcheck, `${name} waits for ${other}`);
        else assert.equal(condition, 'service_completed_successfully', `${name} waits for ${other}`);
        assert.equal(target.restart === 'no', condition === 'service_completed_successfully', other);
        assert.deepEqual(target.profiles ?? profiles, profiles, `${other} must start whenever ${name} does`);
      }
    }
    assert.ok('temporal-schema' in (service('temporal').depends_on ?? {}));
    assert.ok('temporal-namespace' in (service('worker-setup').depends_on ?? {}));
    assert.ok('worker-setup' in (service('worker').depends_on ?? {}));
    assert.ok('worker-setup' in (service('simulator-worker').depends_on ?? {}));
  });

  it('mounts files and volumes that exist', () => {
    for (const [name, { volumes }] of services) {
      for (const [source = ''] of (volumes ?? []).map((volume) => volume.split(':'))) {
        if (source.startsWith('./')) assert.ok(existsSync(inRepository(source)), `${name}: ${source}`);
        else assert.ok(source in file.volumes, `${name}: ${source}`);
      }
    }
  });

  it('lets containers reach the machine itself, by the one word that Docker knows for its address', () => {
    const hosts = services.flatMap(([name, { extra_hosts: extra }]) =>
      (extra ?? []).map((host) => [name, host]),
    );
    assert.deepEqual(hosts, [
      ['worker-setup', 'host.docker.internal:host-gateway'],
      ['worker', 'host.docker.internal:host-gateway'],
      ['simulator-worker', 'host.docker.internal:host-gateway'],
    ]);
  });

  it('requires every secret, without a default', () => {
    const secrets = services.flatMap(([name, { environment }]) =>
      Object.entries(environment ?? {})
        .filter(([variable]) => /PASSWORD|_PWD$|_KEYS?$|_TOKEN$|DATABASE_URL/.test(variable))
        .map(([variable, value]) => ({ at: `${name} ${variable}`, value })),
    );
    assert.ok(secrets.length > 0);
    for (const { at, value } of secrets) assert.match(value ?? '', /^\$\{\w+(:\?[^}]+|:-)\}$/, at);
    for (const name of ['temporal-postgresql', 'temporal-schema', 'temporal']) {
      const { POSTGRES_PASSWORD, SQL_PASSWORD, POSTGRES_PWD } = service(name).environment ?? {};
      assert.match(POSTGRES_PASSWORD ?? SQL_PASSWORD ?? POSTGRES_PWD ?? '', /:\?/, name);
    }
  });

  describe('the worker', () => {
    const worker = service('worker');
    const environment = worker.environment ?? {};

    it('receives every variable of its configuration', () => {
      for (const variable of REQUIRED_OF_THE_WORKER) {
        assert.ok(environment[variable]?.startsWith(`\${${variable}:?`), variable);
      }
      const others = variablesOf('src/config.ts').filter(
        (name) =>
          ![...REQUIRED_OF_THE_WORKER, ...FIXED_FOR_THE_WORKER, 'CODEC_SERVER_ADDRESS'].includes(name),
      );
      assert.ok(others.includes('LOG_LEVEL'), others.join());
      for (const variable of others) assert.equal(environment[variable], null, variable);
      assert.equal(environment['TEMPORAL_NAMESPACE'], '${TEMPORAL_NAMESPACE:-default}');
    });

    it('connects to the Temporal server of this file, regardless of the shell’s environment', () => {
      assert.equal(environment['TEMPORAL_ADDRESS'], 'temporal:7233');
      const others = Object.keys(environment).filter((variable) => /^TEMPORAL_(API_KEY|TLS)/.test(variable));
      assert.deepEqual(others, []);
    });

    it('has 60 s to drain, more than the 45 s for calls in flight', () => {
      assert.equal(worker.stop_grace_period, '60s');
    });

    it('restarts, and has its health checked at its own address', () => {
      assert.equal(worker.restart, 'unless-stopped');
      const probe = worker.healthcheck?.test.join(' ') ?? '';
      assert.ok(probe.includes(`http://${environment['HEALTH_ADDRESS'] ?? '?'}/readyz`), probe);
    });
  });

  it('runs our services without privileges on a read-only file system', () => {
    const ours = services.filter(([, { build }]) => build);
    assert.deepEqual(
      ours.map(([name]) => name),
      ['worker-setup', 'worker', 'codec-server', 'simulator', 'simulator-worker'],
    );
    for (const [name, { read_only: readOnly, tmpfs, cap_drop: dropped, security_opt: options }] of ours) {
      assert.equal(readOnly, true, name);
      assert.deepEqual([tmpfs, dropped, options], [['/tmp'], ['ALL'], ['no-new-privileges:true']], name);
    }
  });

  it('offers an optional codec server on loopback, with a token and only one key', () => {
    const { build, command, environment, ports, healthcheck, profiles } = service('codec-server');
    assert.deepEqual(profiles, ['codec-server']);
    assert.equal(build?.target, service('worker').build?.target);
    assert.deepEqual(command, ['dist/codec-server.js']);
    assert.ok(existsSync(inRepository('src/codec-server.ts')));
    assert.deepEqual(ports, ['127.0.0.1:8888:8888']);
    const { SMS_PAYLOAD_KEYS, CODEC_SERVER_TOKEN, ...others } = environment ?? {};
    assert.equal(SMS_PAYLOAD_KEYS, service('worker').environment?.['SMS_PAYLOAD_KEYS']);
    assert.equal(CODEC_SERVER_TOKEN, '${CODEC_SERVER_TOKEN:-}');
    assert.deepEqual(others, {
      CODEC_SERVER_ADDRESS: '0.0.0.0:8888',
      CODEC_SERVER_ORIGINS: 'http://localhost:8080',
    });
    assert.match(healthcheck?.test.join(' ') ?? '', /http:\/\/127\.0\.0\.1:8888\/healthz/);
    const { CODEC_SERVER_ADDRESS, CODEC_SERVER_ORIGINS } = others;
    const config = readCodecServerConfig({
      CODEC_SERVER_ADDRESS,
      CODEC_SERVER_ORIGINS,
      SMS_PAYLOAD_KEYS: `k1:${'a1'.repeat(32)}`,
      CODEC_SERVER_TOKEN: 'a1'.repeat(32),
    });
    assert.equal(config.access.kind, 'token');
    assert.throws(
      () => readCodecServerConfig({ CODEC_SERVER_ADDRESS, SMS_PAYLOAD_KEYS: `k1:${'a1'.repeat(32)}` }),
      /CODEC_SERVER_TOKEN/,
    );
  });

  it('points the Web UI to a codec server only on request, as the Web UI cannot be given a token', () => {
    assert.equal(service('temporal-ui').environment?.['TEMPORAL_CODEC_ENDPOINT'], null);
    assert.deepEqual(service('temporal-ui').ports, ['127.0.0.1:8080:8080']);
  });

  it('separates simulated sends from real ones', () => {
    const simulated = service('simulator-worker');
    assert.deepEqual([simulated.profiles, service('simulator').profiles], [['simulator'], ['simulator']]);
    assert.equal(simulated.environment?.['SMSMOBILEAPI_URL'], 'http://127.0.0.1:3900');
    const forward = '/durable-sms/forward-to-simulator.mjs';
    assert.deepEqual(simulated.command, ['--import', forward, 'dist/worker.js']);
    assert.deepEqual(simulated.volumes, [`./docker/forward-to-simulator.mjs:${forward}:ro`]);
    assert.equal(simulated.environment['SIMULATOR_ADDRESS'], 'simulator:3900');
    assert.notEqual(simulated.environment['SMS_TASK_QUEUE'], DEFAULT_TASK_QUEUE);
    assert.ok(simulated.environment['SMS_TASK_QUEUE']);
  });

  it('can start, stop and restart each service by itself', () => {
    // A container that joins the network of another cannot start before it, nor outlive its
    // restart.
    for (const [name, { network_mode: mode }] of services) assert.equal(mode, undefined, name);
  });

  it('keeps the key of the simulator over restarts, if it has one', () => {
    const { SIMULATOR_API_KEY } = service('simulator').environment ?? {};
    assert.equal(SIMULATOR_API_KEY, '${SIMULATOR_API_KEY:-}');
    assert.match(readRepositoryFile('tools/simulator/main.ts'), /SIMULATOR_API_KEY/);
  });

  it('bounds what each container logs', () => {
    for (const [name, { logging }] of services) {
      assert.deepEqual(logging, { driver: 'local', options: { 'max-size': '20m', 'max-file': '5' } }, name);
    }
    assert.equal(service('temporal').environment?.['LOG_LEVEL'], '${TEMPORAL_LOG_LEVEL:-warn}');
  });

  it('prints what each health check of ours finds, and waits for the answer', () => {
    for (const [name, { build, healthcheck }] of services.filter(
      ([, { build, restart }]) => build && restart !== 'no',
    )) {
      assert.ok(build);
      assert.match(healthcheck?.test.join(' ') ?? '', /console\.log\(.*console\.log\('no answer'\)/, name);
    }
    // Its checks may take 5 s (src/worker/health-server.ts).
    assert.equal(service('worker').healthcheck?.timeout, '10s');
    assert.match(service('worker').healthcheck?.test.join(' ') ?? '', /await r\.text\(\)/);
  });

  it('registers the seven search attributes in a namespace that keeps runs for 7 days', () => {
    const { entrypoint, volumes } = service('temporal-namespace');
    assert.deepEqual(volumes, [`./docker/temporal-namespace.sh:${entrypoint?.[1] ?? ''}:ro`]);
    const script = readRepositoryFile('docker/temporal-namespace.sh');
    const registered = [...script.matchAll(/--name (\w+) --type Keyword\b/g)].map(([, name]) => name);
    assert.deepEqual(registered.toSorted(), SEARCH_ATTRIBUTE_NAMES.toSorted());
    assert.equal(registered.length, 7);
    assert.match(script, /namespace create .*--retention 7d\b/);
  });

  it('sets up both schemas of Temporal', () => {
    const { entrypoint, volumes } = service('temporal-schema');
    assert.deepEqual(volumes, [`./docker/temporal-schema.sh:${entrypoint?.[1] ?? ''}:ro`]);
    const script = readRepositoryFile('docker/temporal-schema.sh');
    assert.match(script, /^set_up temporal postgresql\/v12\/temporal$/m);
    assert.match(script, /^set_up temporal_visibility postgresql\/v12\/visibility$/m);
  });

  it('sets up the schema of the worker as documented, by the worker’s image', () => {
    const { command, build, environment } = service('worker-setup');
    assert.deepEqual(command, ['dist/cli.js', 'setup', '--wait', '120']);
    assert.equal(build?.target, service('worker').build?.target);
    assert.deepEqual(environment, service('worker').environment);
    const docs = readRepositoryFile('docs/docker.md');
    assert.match(docs, /`worker-setup` waits up to 120 s for PostgreSQL/);
    assert.match(docs, /docker compose run --rm worker-setup dist\/cli\.js setup --grant \w+$/m);
  });

  it('turns on fairness and eager activities in the server', () => {
    const { environment, volumes } = service('temporal');
    const path = environment?.['DYNAMIC_CONFIG_FILE_PATH'] ?? '';
    assert.ok(volumes?.includes(`./docker/temporal-dynamic-config.yml:${path}:ro`));
    assert.deepEqual(parse(readRepositoryFile('docker/temporal-dynamic-config.yml')), {
      'matching.enableFairness': [{ value: true }],
      'system.enableActivityEagerExecution': [{ value: true }],
    });
  });

  it('has an example table with the columns that the worker reads', () => {
    const sql = readRepositoryFile('docker/example-accounts.sql').replaceAll(/--.*$/gm, '');
    const { name, columns } = getTableConfig(accounts);
    const body = new RegExp(`CREATE TABLE ${name} \\(([^;]*)\\);`).exec(sql)?.[1] ?? '';
    const created = body.split(',').map((column) => column.trim());
    const expected = columns.map(
      (column) => `${column.name} ${column.getSQLType()}${column.primary ? ' PRIMARY KEY' : ''}`,
    );
    assert.deepEqual(created, expected);
  });
});
