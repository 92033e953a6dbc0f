import { loadClientConnectConfig } from '@temporalio/envconfig';
import { ConfigError, type Environment } from './config.js';

/** Where Temporal is, from TEMPORAL_… and the profile file, as all its tools read them. */
export interface TemporalConfig {
  readonly connectionOptions: ReturnType<typeof loadClientConnectConfig>['connectionOptions'];
  readonly namespace: string;
}

/**
 * Reads Temporal's own configuration.
 *
 * @throws ConfigError that names the variables; the reader's own error quotes lines of the file, an API key among them
 */
export function loadTemporalConfig(env: Environment): TemporalConfig {
  try {
    const { connectionOptions, namespace = 'default' } = loadClientConnectConfig({
      overrideEnvVars: definedOnly(env),
    });
    return { connectionOptions, namespace };
  } catch {
    const { TEMPORAL_PROFILE: profile = 'default', TEMPORAL_CONFIG_FILE: file = "Temporal's own" } = env;
    throw new ConfigError([
      `TEMPORAL_PROFILE, TEMPORAL_CONFIG_FILE: profile ${profile} cannot be read from the file (${file}): is it there, and valid TOML? Check TEMPORAL_TLS_… too.`,
    ]);
  }
}

function definedOnly(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
