/** The variables of tests themselves, which no part under test reads. */
export const FOR_TESTS = /^(?:CI_|DOCKER_|MODEL_|SMSMOBILEAPI_TEST_|TEST_RUNNER_)/;

/** Where the runner says what it has started. */
export const RUNNER_SERVERS = 'TEST_RUNNER_SERVERS';

/** What the runner started for all test processes. */
export interface RunnerServers {
  readonly temporal?: { readonly address: string; readonly namespace: string; readonly uiUrl: string };
  /** The address of a database without its name, as the superuser. */
  readonly postgresUrl?: string;
  /** A file with the workflow code of `src/`, bundled. */
  readonly workflowBundlePath?: string;
}

/**
 * What the runner started; undefined in a mocha that was started by hand, whose processes start
 * their own.
 */
export function runnerServers(): RunnerServers | undefined {
  const json = process.env[RUNNER_SERVERS];
  return json === undefined ? undefined : (JSON.parse(json) as RunnerServers);
}
