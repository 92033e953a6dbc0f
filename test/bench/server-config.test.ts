import assert from 'node:assert/strict';
import { parse } from 'yaml';
import {
  DATABASES,
  renderServerConfig,
  SERVICES,
  type ServicePorts,
} from '../../tools/servers/production-temporal/server-config.js';
import { TEMPORAL_SERVER_VERSIONS } from '../../tools/servers/production-temporal/find-server.js';
import { readComposeFile } from '../deploy/compose-file.js';

const PORTS: ServicePorts = {
  frontend: { grpc: 20_001, membership: 20_002 },
  matching: { grpc: 20_003, membership: 20_004 },
  history: { grpc: 20_005, membership: 20_006 },
  worker: { grpc: 20_007, membership: 20_008 },
};

/** The parts of the file that are looked at. */
interface ServerConfig {
  readonly persistence: {
    readonly defaultStore: string;
    readonly visibilityStore: string;
    readonly numHistoryShards: number;
    readonly datastores: Record<string, { readonly sql: Record<string, string | number> }>;
  };
  readonly services: Record<string, { readonly rpc: Record<string, number | boolean> }>;
  readonly clusterMetadata: { readonly clusterInformation: { readonly active: { rpcAddress: string } } };
  readonly dynamicConfigClient: { readonly filepath: string };
}

// Characters that YAML would read as something else.
const PASSWORD = 'a: "b" #c';

const config = parse(
  renderServerConfig({
    postgres: { port: 5_433, user: 'temporal', password: PASSWORD },
    ports: PORTS,
    dynamicConfigFile: '/there/temporal-dynamic-config.yml',
  }),
) as ServerConfig;

describe('the configuration of the production-like Temporal', () => {
  const { environment, image } = readComposeFile().services['temporal'] ?? {};

  it('has the four services, each on its two ports of loopback', () => {
    assert.deepEqual(Object.keys(config.services).sort(), ['frontend', 'history', 'matching', 'worker']);
    for (const name of SERVICES) {
      assert.deepEqual(config.services[name]?.rpc, {
        grpcPort: PORTS[name].grpc,
        membershipPort: PORTS[name].membership,
        bindOnLocalHost: true,
      });
    }
    assert.equal(config.clusterMetadata.clusterInformation.active.rpcAddress, '127.0.0.1:20001');
  });

  it('has the shards and the version of the compose file', () => {
    assert.equal(String(config.persistence.numHistoryShards), environment?.['NUM_HISTORY_SHARDS']);
    assert.equal(image, `temporalio/server:${TEMPORAL_SERVER_VERSIONS.newest}`);
  });

  it('keeps runs and visibility in two databases of that PostgreSQL', () => {
    const { datastores, defaultStore, visibilityStore } = config.persistence;
    for (const [store, databaseName] of [
      [defaultStore, DATABASES.main],
      [visibilityStore, DATABASES.visibility],
    ] as const) {
      const { sql = {} } = datastores[store] ?? {};
      assert.equal(sql['databaseName'], databaseName);
      assert.equal(sql['connectAddr'], '127.0.0.1:5433');
      assert.deepEqual([sql['user'], sql['password']], ['temporal', PASSWORD]);
      assert.equal(sql['pluginName'], environment?.['DB']);
    }
    assert.notEqual(DATABASES.main, DATABASES.visibility);
  });

  it('reads the given dynamic configuration', () => {
    assert.equal(config.dynamicConfigClient.filepath, '/there/temporal-dynamic-config.yml');
  });
});
