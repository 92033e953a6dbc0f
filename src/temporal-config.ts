import { loadClientConnectConfig } from '@temporalio/envconfig';
import { ConfigError } from './config.js';

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
export function loadTemporalConfig(): TemporalConfig {
  try {
    const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
    return { connectionOptions, namespace };
  } catch {
    const { TEMPORAL_PROFILE: profile = 'default', TEMPORAL_CONFIG_FILE: file = "Temporal's own" } =
      process.env;
    throw new ConfigError([
      `TEMPORAL_PROFILE, TEMPORAL_CONFIG_FILE: profile ${profile} cannot be read from the file (${file}): is it there, and valid TOML? Check TEMPORAL_TLS_… too.`,
    ]);
  }
}
