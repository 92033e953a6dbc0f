import { cpus, totalmem, type, release, arch } from 'node:os';
import postgres from 'postgres';
import { DRIVER_OPTIONS } from '../../../src/db/driver-options.js';
import { TEMPORAL_SERVER_VERSIONS } from '../../servers/production-temporal/find-server.js';
import type { Machine } from '../results.js';

/** What this run measures on. */
export async function readMachine(databaseUrl: string): Promise<Machine> {
  const sql = postgres(databaseUrl, { ...DRIVER_OPTIONS, max: 1 });
  try {
    const [row] = await sql<{ server_version: string }[]>`SHOW server_version`;
    const [cpu] = cpus();
    return {
      cpu: cpu?.model.trim() ?? 'unknown CPU',
      cores: cpus().length,
      memoryBytes: totalmem(),
      platform: `${type()} ${release().split('-')[0] ?? ''} ${arch()}`,
      node: process.versions.node,
      temporalServer: TEMPORAL_SERVER_VERSIONS.usual,
      postgres: row?.server_version ?? 'unknown',
    };
  } finally {
    await sql.end();
  }
}
