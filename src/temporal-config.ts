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
    throw new ConfigError([
      'TEMPORAL_CONFIG_FILE, TEMPORAL_PROFILE: the profile file cannot be read, is no valid TOML, or lacks the profile; also check TEMPORAL_TLS_… variables',
    ]);
  }
}
