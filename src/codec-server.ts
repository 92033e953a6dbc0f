#!/usr/bin/env node
import { once } from 'node:events';
import { startCodecServer } from './codec-server/start-codec-server.js';
import { readCodecServerConfig } from './config.js';
import { exitInTime } from './exit-in-time.js';
import { codeOf, runProcess, StartError } from './run-process.js';
import { createLog } from './observability/log.js';

/**
 * From a signal to the end at the latest, in milliseconds: after the 10 s for requests in flight.
 */
const STOP_WITHIN_MS = 15_000;

/** Decrypts for Web UI and CLI until SIGTERM or SIGINT, then answers what is in flight. */
async function main(): Promise<void> {
  const config = readCodecServerConfig(process.env);
  // LOG_LEVEL does not apply: without these lines there would be no record of who read what.
  const log = createLog({ level: 'info' });
  const stop = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  const exit = exitInTime({ limitMs: STOP_WITHIN_MS, log });
  const server = await startCodecServer(config, log).catch((error: unknown) => {
    throw new StartError(`CODEC_SERVER_ADDRESS: cannot listen on this address (${codeOf(error)}).`);
  });
  const { access, origins } = config;
  log.info({ port: server.port, access: access.kind, origins }, 'codec server started');
  await stop;
  await server.close();
  log.info('codec server stopped');
  exit.done();
}

await runProcess('The codec server', main);
