import { stringify } from 'yaml';

/** The databases of a Temporal server. */
export const DATABASES = { main: 'temporal', visibility: 'temporal_visibility' } as const;

/** How many shards the history has, as in the compose file. */
const HISTORY_SHARDS = 128;

/** The services of a Temporal server; each listens on two ports. */
export const SERVICES = ['frontend', 'matching', 'history', 'worker'] as const;

/** Two free ports for each service. */
export type ServicePorts = Readonly<
  Record<(typeof SERVICES)[number], { readonly grpc: number; readonly membership: number }>
>;

/**
 * A server's configuration file: all four services in one process on loopback, as in the compose
 * file.
 */
export function renderServerConfig(options: {
  postgres: { readonly port: number; readonly user: string; readonly password: string };
  ports: ServicePorts;
  dynamicConfigFile: string;
}): string {
  const { postgres, ports, dynamicConfigFile } = options;
  const store = (databaseName: string, connections: number) => ({
    sql: {
      pluginName: 'postgres12',
      databaseName,
      connectAddr: `127.0.0.1:${postgres.port}`,
      connectProtocol: 'tcp',
      user: postgres.user,
      password: postgres.password,
      maxConns: connections,
      maxIdleConns: connections,
      maxConnLifetime: '1h',
    },
  });
  return stringify({
    log: { stdout: true, level: 'error' },
    persistence: {
      defaultStore: 'main',
      visibilityStore: 'visibility',
      numHistoryShards: HISTORY_SHARDS,
      // The defaults of the server's container image.
      datastores: { main: store(DATABASES.main, 20), visibility: store(DATABASES.visibility, 10) },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: Object.fromEntries(
      SERVICES.map((name) => {
        const { grpc, membership } = ports[name];
        return [name, { rpc: { grpcPort: grpc, membershipPort: membership, bindOnLocalHost: true } }];
      }),
    ),
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: {
          enabled: true,
          initialFailoverVersion: 1,
          rpcName: 'frontend',
          rpcAddress: `127.0.0.1:${ports.frontend.grpc}`,
        },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: dynamicConfigFile, pollInterval: '10s' },
  });
}
