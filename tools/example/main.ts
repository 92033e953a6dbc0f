import { Command } from 'commander';
import { startStack } from '../dev/stack.js';
import { cleanUpOnSignals, createCleanUp } from '../servers/clean-up.js';
import { freePort } from '../servers/free-port.js';
import { isolateEnvironment } from '../servers/isolated-environment.js';
import { prepareApp } from './prepare-app.js';
import { startApp } from './start-app.js';

/** `npm run example`: the example web app with all parts that it needs, until Ctrl-C. */
isolateEnvironment();
const { dev: isDev } = new Command('npm run example --')
  .description('Keep the example web app and everything that it needs running until Ctrl-C.')
  .option('--dev', 'run the app with next dev, which shows changes of its sources at once')
  .allowExcessArguments(false)
  .parse()
  .opts<{ dev?: true }>();
const cleanUp = createCleanUp((error) => {
  console.error(`clean-up: ${String(error)}`);
});
cleanUpOnSignals(cleanUp);
const say = (line: string) => {
  console.log(`  ${line}`);
};

try {
  console.log('Preparing the app');
  await prepareApp({ say, build: isDev !== true });
  console.log('Starting the services');
  const stack = await startStack({ cleanUp, say, simulatorPort: 3900, accounts: 2 });
  const { guard, temporal, simulator, databaseUrl, taskQueue, payloadKeys, accountIds } = stack;
  const app = await startApp({
    guard,
    port: await freePort([3000]),
    isDev: isDev === true,
    parts: {
      databaseUrl,
      taskQueue,
      payloadKeys,
      temporalAddress: temporal.address,
      accountIds: [accountIds[0] ?? '', accountIds[1] ?? ''],
    },
    onOutput: (text) => process.stdout.write(text),
  });
  cleanUp.add(app.stop);
  console.log(`
  Web app           ${app.url}
  Phones' inbox     ${simulator.url}/ (take the phone offline there, and see what the app shows)
  Temporal Web UI   ${temporal.uiUrl ?? `(see the server at ${temporal.address})`}

Press Ctrl-C to stop everything.`);
} catch (error) {
  if (!cleanUp.hasBegun()) {
    console.error(`\n${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
  await cleanUp.run();
}
