import { cleanUpOnSignals, createCleanUp } from '../servers/clean-up.js';
import { readDevOptions } from './dev-options.js';
import { isolateEnvironment } from '../servers/isolated-environment.js';
import { startStack } from './stack.js';

/** `npm run dev`: the same parts as the demo, kept up until Ctrl-C. */
isolateEnvironment();
const options = readDevOptions('dev', 'Keep database, Temporal, simulator and worker running until Ctrl-C.');
const cleanUp = createCleanUp((error) => {
  console.error(`clean-up: ${String(error)}`);
});
cleanUpOnSignals(cleanUp);

try {
  console.log('Starting the services');
  const { temporal, codecUrl, simulator, databaseUrl, accountId, environmentFile } = await startStack({
    cleanUp,
    say: (line) => {
      console.log(`  ${line}`);
    },
    temporalAddress: options.temporal,
    simulatorPort: 3900,
    onWorkerOutput: (text) => process.stdout.write(text),
  });
  console.log(`
  Temporal Web UI   ${temporal.uiUrl ?? `(see the server at ${temporal.address})`}
  Codec server      ${codecUrl} (the Web UI uses it; with the temporal CLI: --codec-endpoint)
  Phones' inbox     ${simulator.url}/
  PostgreSQL        ${databaseUrl}

To send a first SMS from another terminal:
  . ${environmentFile}
  npx durable-sms send --account ${accountId} --to '06 39 98 00 42' --message 'Bonjour' --hunt hunt-7 --wait

Press Ctrl-C to stop everything.`);
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
  await cleanUp.run();
}
