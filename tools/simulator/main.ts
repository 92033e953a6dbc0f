import { Command } from 'commander';
import { wholeNumber } from './whole-number.js';
import { startSimulator } from './start-simulator.js';

interface Arguments {
  port: number;
  host: string;
  apiKey?: string[];
  allowHost?: string[];
  phoneDelay: number;
  logDelay: number;
}

const program = new Command('npm run simulator --')
  .description('Simulate SMSMobileAPI, with an inbox page. No message leaves this machine.')
  .option('--port <number>', 'port to listen on, 0 for any free port', wholeNumber(0, 65_535), 8090)
  .option('--host <address>', 'address to listen on', '127.0.0.1')
  .option(
    '--api-key <key...>',
    'API keys to accept, one account each; SIMULATOR_API_KEY, or a generated key, by default',
  )
  .option('--allow-host <name...>', 'additional host names for the page, such as sms.example.test')
  .option('--phone-delay <ms>', 'how long a phone takes to send', wholeNumber(0, 86_400_000), 300)
  .option('--log-delay <ms>', 'how late a row appears in the sent messages', wholeNumber(0, 86_400_000), 0)
  .addHelpText(
    'after',
    `
Examples:
  npm run simulator
  npm run simulator -- --port 9000 --api-key my-demo-key
  npm run simulator -- --host 0.0.0.0 --api-key key-of-anna --api-key key-of-ben

Magic numbers, faults and control endpoints: docs/simulator.md`,
  );

const { port, host, allowHost, phoneDelay, logDelay, ...given } = program.parse().opts<Arguments>();
const apiKey = given.apiKey ?? keysOf(process.env['SIMULATOR_API_KEY']);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => process.exit(0));
}

try {
  const simulator = await startSimulator({
    host,
    port,
    phoneDelayMs: phoneDelay,
    logDelayMs: logDelay,
    ...(apiKey !== undefined && { apiKeys: apiKey }),
    ...(allowHost !== undefined && { allowedHosts: allowHost }),
  });
  const openToOthers = !/^(127\.|localhost$|::1$)/.test(host);
  const keys = simulator.accounts.map(({ label, key }) =>
    apiKey === undefined
      ? `${label}: ${key} (new at every start; SIMULATOR_API_KEY keeps one)`
      : `${label}: as given`,
  );
  console.log(`The simulator of SMSMobileAPI is running.

  Page      ${simulator.url}/
  API base  ${simulator.url}   (SMSMOBILEAPI_URL)
  API key   ${keys.join('\n            ')}

Send a first message:
  curl ${simulator.url}/sendsms/ --data-urlencode "apikey=${apiKey === undefined ? (simulator.accounts[0]?.key ?? '') : '$API_KEY'}" \\
    --data-urlencode "recipients=+33639980001" --data-urlencode "message=Hello"

${openToOthers ? 'Anyone who can reach this address can read the inbox and set faults.\n' : ''}Press Ctrl-C to stop it.`);
} catch (error) {
  console.error(explainFailure(error));
  process.exitCode = 1;
}

/** Compose hands an empty variable on where there is none. */
function keysOf(variable = ''): string[] | undefined {
  return variable === '' ? undefined : [variable];
}

function explainFailure(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return `Port ${port} is in use: choose another one with --port.`;
  if (code === 'EACCES') return `This user may not listen on port ${port}: choose one above 1023.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `This machine has no address ${host}.`;
  return error instanceof Error ? error.message : 'The simulator could not start.';
}
