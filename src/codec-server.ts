import { once } from 'node:events';
import { startCodecServer } from './codec-server/start-codec-server.js';
import { ConfigError, readCodecServerConfig } from './config.js';
import { createLog } from './worker/log.js';

/** A reason not to start that the operator can act on. */
class StartError extends Error {
  override readonly name = 'StartError';
}

/** Decrypts for Web UI and CLI until SIGTERM or SIGINT, then answers what is in flight. */
async function main(): Promise<void> {
  const config = readCodecServerConfig(process.env);
  // Not LOG_LEVEL's to choose: without its lines nobody could say who read what.
  const log = createLog({ level: 'info' });
  const stop = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  const server = await startCodecServer(config, log).catch((error: unknown) => {
    throw new StartError(`CODEC_SERVER_ADDRESS: cannot listen there (${codeOf(error)}).`);
  });
  const { access, origins } = config;
  log.info({ port: server.port, access: access.kind, origins }, 'codec server started');
  await stop;
  await server.close();
  log.info('codec server stopped');
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

try {
  await main();
} catch (error) {
  const known = error instanceof ConfigError || error instanceof StartError;
  process.stderr.write(`${known ? error.message : `The codec server cannot go on: ${String(error)}`}\n`);
  process.exit(1);
}
