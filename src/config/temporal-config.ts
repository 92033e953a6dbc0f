import { loadClientConnectConfig } from '@temporalio/envconfig';
import { omitUndefined } from '../domain/omit-undefined.js';
import { ConfigError } from '../config.js';
import { cleanEnvironment, problemOfCharacters, problemsOfTrust, type Environment } from './environment.js';

/** Where Temporal is, from TEMPORAL_… and the profile file, as all its tools read them. */
export interface TemporalConfig {
  readonly connectionOptions: ReturnType<typeof loadClientConnectConfig>['connectionOptions'];
  readonly namespace: string;
}

/** Values of several lines. */
const CERTIFICATES = /^TEMPORAL_TLS_\w+_DATA$/;

/**
 * What Temporal's reader takes for no, whatever it is, unless it is 1 or true: a typing error would
 * turn TLS off.
 */
const SWITCHES = ['TEMPORAL_TLS', 'TEMPORAL_TLS_DISABLE_HOST_VERIFICATION'];

/**
 * Reads Temporal's own configuration.
 *
 * @throws ConfigError that names the variables; the reader's own error quotes lines of the file, an
 *   API key among them
 */
export function loadTemporalConfig(environment: Environment): TemporalConfig {
  const env = cleanEnvironment(environment);
  const problems = [...problemsOfTrust(env), ...problemsOfVariables(env)];
  if (problems.length > 0) throw new ConfigError(problems);
  const { connectionOptions, namespace = 'default' } = load(env);
  const further = [...problemsOfAddress(connectionOptions), ...problemsOfHeaders(connectionOptions)];
  if (further.length > 0) throw new ConfigError(further);
  return { connectionOptions, namespace };
}

function load(env: Environment): ReturnType<typeof loadClientConnectConfig> {
  try {
    return loadClientConnectConfig({ overrideEnvVars: omitUndefined(env) as Record<string, string> });
  } catch {
    const { TEMPORAL_PROFILE: profile = 'default', TEMPORAL_CONFIG_FILE: file = "Temporal's own" } = env;
    throw new ConfigError([
      `TEMPORAL_PROFILE, TEMPORAL_CONFIG_FILE: cannot read profile ${profile} from the file (${file}): check that the file contains it and is valid TOML. Check TEMPORAL_TLS_… too.`,
    ]);
  }
}

function problemsOfVariables(env: Environment): string[] {
  return Object.entries(env).flatMap(([name, value = '']) => {
    if (!name.startsWith('TEMPORAL_') || CERTIFICATES.test(name)) return [];
    const problem = SWITCHES.includes(name) ? problemOfSwitch(value) : problemOfText(name, value);
    return problem === undefined ? [] : [`${name}: ${problem}`];
  });
}

function problemOfSwitch(value: string): string | undefined {
  return ['1', 'true', '0', 'false'].includes(value) ? undefined : 'must be true or false';
}

function problemOfText(name: string, value: string): string | undefined {
  if (['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE'].includes(name) && /\s/.test(value))
    return 'must not contain white space';
  return problemOfCharacters(value);
}

/** An address with credentials in it would be shown where it cannot be reached. */
function problemsOfAddress({ address = '' }: TemporalConfig['connectionOptions']): string[] {
  return /[@/]/.test(address)
    ? ['TEMPORAL_ADDRESS, or address of the profile: must be host:port, without a scheme or credentials']
    : [];
}

/** Includes the headers of a profile file. The client's own error would quote the value. */
function problemsOfHeaders({ apiKey, metadata = {} }: TemporalConfig['connectionOptions']): string[] {
  const problems: string[] = [];
  if (typeof apiKey === 'string' && !/^[\x21-\x7E]+$/.test(apiKey))
    problems.push(
      'TEMPORAL_API_KEY, or api_key of the profile: must be visible ASCII characters without spaces',
    );
  for (const [name, value] of Object.entries(metadata)) {
    if (!/^[\x20-\x7E]*$/.test(String(value)) || !/^[a-z0-9._-]+$/.test(name))
      problems.push(
        'TEMPORAL_GRPC_META_…, or grpc_meta of the profile: names must be letters, digits, - and _, values visible ASCII characters',
      );
  }
  return [...new Set(problems)];
}
