import { prepareApp } from '../../tools/example/prepare-app.js';
import { aloneAcrossProcesses } from '../support/across-processes.js';
import { ensureBuilt } from '../support/built-package.js';

/** Installs and builds the example app where something has changed: one process at a time. */
export async function ensureAppPrepared(): Promise<void> {
  await ensureBuilt();
  await aloneAcrossProcesses('example-app', () =>
    prepareApp({ say: (line) => process.stderr.write(`      ${line}\n`), build: true }),
  );
}
