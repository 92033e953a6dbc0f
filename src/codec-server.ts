import { once } from 'node:events';
import { startCodecServer } from './codec-server/start-codec-server.js';
import { readCodecServerConfig } from './config.js';
import { codeOf, runProcess, StartError } from './run-process.js';
import { createLog } from './observability/log.js';

/** Decrypts for Web UI and CLI until SIGTERM or SIGINT, then answers what is in flight. */
async function main(): Promise<void> {
  const config = readCodecServerConfig(process.env);
  // LOG_LEVEL does not apply: without these lines there would be no record of who read what.
  const log = createLog({ level: 'info' });
  const stop = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  const server = await startCodecServer(config, log).catch((error: unknown) => {
    throw new StartError(`CODEC_SERVER_ADDRESS: cannot listen on this address (${codeOf(error)}).`);
  });
  const { access, origins } = config;
  log.info({ port: server.port, access: access.kind, origins }, 'codec server started');
  await stop;
  await server.close();
  log.info('codec server stopped');
}

await runProcess('The codec server', main);
