import { z } from 'zod';
import { parsePayloadKeys, PAYLOAD_KEYS_FORM, type PayloadKey } from './crypto/payload-keys.js';
import { HEX_KEY_FORM, isHexKey } from './crypto/secret-key.js';
import { DEFAULT_TASK_QUEUE } from './domain/names.js';

/** The environment, as `process.env` has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Every problem of the environment, each naming its variable and the form it wants; never a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    super(`The environment is not complete:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** A level of the log, least first. */
export type LogLevel = (typeof LOG_LEVELS)[number];

const hexKey = z.string(`required: ${HEX_KEY_FORM}`).refine(isHexKey, `must be ${HEX_KEY_FORM}`);

const postgresUrl = z
  .string('required: postgres://user:password@host:port/database')
  .refine(
    isPostgresUrl,
    'must be postgres://user:password@host:port/database, special characters percent-encoded',
  );

const providerUrl = z
  .string()
  .refine(
    isProviderUrl,
    'must be an https address without user, password, query or fragment; http on loopback only',
  )
  .default('https://api.smsmobileapi.com');

const listenAddress = z.string().refine(isListenAddress, 'must be host:port').optional();

const clientShape = {
  SMS_PAYLOAD_ENCRYPTION: z.enum(['on', 'off'], 'must be on or off').default('on'),
  SMS_PAYLOAD_KEYS: z.string().optional(),
  SMS_TASK_QUEUE: z.string().min(1).default(DEFAULT_TASK_QUEUE),
};

const workerShape = {
  ...clientShape,
  DATABASE_URL: postgresUrl,
  SMS_API_KEY_ENCRYPTION_KEY: hexKey,
  SMS_API_KEY_ENCRYPTION_KEY_PREVIOUS: hexKey.optional(),
  SMSMOBILEAPI_URL: providerUrl,
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
  SMS_REQUIRE_ENCRYPTED: z.enum(['on', 'off'], 'must be on or off').default('off'),
  METRICS_ADDRESS: listenAddress.refine(
    (text) => text === undefined || !/^[A-Za-z]/.test(text),
    'must be IP:port, such as 127.0.0.1:9464',
  ),
  HEALTH_ADDRESS: listenAddress,
};

/** What a process needs that starts or watches runs. */
export interface ClientConfig {
  readonly taskQueue: string;
  /** The first encrypts, all decrypt; empty where payload encryption is off. */
  readonly payloadKeys: readonly PayloadKey[];
}

/** What the worker needs. */
export interface WorkerConfig extends ClientConfig {
  readonly databaseUrl: string;
  /** The first seals, all decrypt. */
  readonly encryptionKeys: readonly [string, ...string[]];
  readonly providerUrl: string;
  /** Refuse runs whose job is not encrypted. */
  readonly requireEncrypted: boolean;
  readonly logLevel: LogLevel;
  /** `host:port` of the Prometheus endpoint. */
  readonly metricsAddress: string | undefined;
  /** `host:port` of `/healthz` and `/readyz`. */
  readonly healthAddress: string | undefined;
}

/**
 * The configuration of the worker, from its environment.
 *
 * @throws ConfigError with every problem at once
 */
export function readWorkerConfig(env: Environment): WorkerConfig {
  const values = parse(workerShape, env, (present) => [
    ...problemsOfPayloadKeys(present),
    ...problemsOfRequireEncrypted(present),
    ...problemsOfNodeDebug(present),
  ]);
  return {
    ...toClientConfig(values),
    databaseUrl: values.DATABASE_URL,
    encryptionKeys: [
      values.SMS_API_KEY_ENCRYPTION_KEY,
      ...(values.SMS_API_KEY_ENCRYPTION_KEY_PREVIOUS === undefined
        ? []
        : [values.SMS_API_KEY_ENCRYPTION_KEY_PREVIOUS]),
    ],
    providerUrl: values.SMSMOBILEAPI_URL,
    requireEncrypted: values.SMS_REQUIRE_ENCRYPTED === 'on',
    logLevel: values.LOG_LEVEL,
    metricsAddress: values.METRICS_ADDRESS,
    healthAddress: values.HEALTH_ADDRESS,
  };
}

/**
 * The configuration of a client, from its environment.
 *
 * @throws ConfigError with every problem at once
 */
export function readClientConfig(env: Environment): ClientConfig {
  return toClientConfig(parse(clientShape, env, problemsOfPayloadKeys));
}

/**
 * What `sms accounts set-key` needs: a DATABASE_URL that may write, and the key to encrypt with.
 *
 * @throws ConfigError with every problem at once
 */
export function readSetKeyConfig(env: Environment): { databaseUrl: string; encryptionKey: string } {
  const { DATABASE_URL, SMS_API_KEY_ENCRYPTION_KEY } = workerShape;
  const values = parse({ DATABASE_URL, SMS_API_KEY_ENCRYPTION_KEY }, env);
  return { databaseUrl: values.DATABASE_URL, encryptionKey: values.SMS_API_KEY_ENCRYPTION_KEY };
}

interface ClientVariables {
  SMS_PAYLOAD_ENCRYPTION?: 'on' | 'off';
  SMS_PAYLOAD_KEYS?: string | undefined;
}

/** An empty variable counts as missing: compose files and shells pass those on. */
function parse<S extends z.ZodRawShape>(
  shape: S,
  env: Environment,
  furtherProblems: (present: Environment) => string[] = () => [],
): z.infer<z.ZodObject<S>> {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = z.object(shape).safeParse(present);
  const problems = [
    ...(result.error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`),
    ...furtherProblems(present),
  ];
  if (!result.success || problems.length > 0) throw new ConfigError(problems);
  return result.data;
}

/** Node would print every address that is asked for, and the gateway's log takes the API key in its address. */
function problemsOfNodeDebug({ NODE_DEBUG = '' }: Environment): string[] {
  return /fetch|undici|\*/i.test(NODE_DEBUG)
    ? ['NODE_DEBUG: must not include fetch or undici, as Node would print API keys']
    : [];
}

function problemsOfPayloadKeys(present: Environment): string[] {
  const problem = problemOfPayloadKeys(present);
  return problem === undefined ? [] : [`SMS_PAYLOAD_KEYS: ${problem}`];
}

/** With encryption off, every run of our own client would be refused. */
function problemsOfRequireEncrypted(present: Environment): string[] {
  return present['SMS_REQUIRE_ENCRYPTED'] === 'on' && present['SMS_PAYLOAD_ENCRYPTION'] === 'off'
    ? ['SMS_REQUIRE_ENCRYPTED: on needs payload encryption; leave SMS_PAYLOAD_ENCRYPTION out, or set it on']
    : [];
}

function problemOfPayloadKeys(values: Environment): string | undefined {
  if (values['SMS_PAYLOAD_ENCRYPTION'] === 'off') return undefined;
  if (values['SMS_PAYLOAD_KEYS'] === undefined) {
    return `required unless SMS_PAYLOAD_ENCRYPTION=off: ${PAYLOAD_KEYS_FORM}`;
  }
  try {
    parsePayloadKeys(values['SMS_PAYLOAD_KEYS']);
    return undefined;
  } catch (error) {
    return (error as RangeError).message;
  }
}

function toClientConfig(values: ClientVariables & { SMS_TASK_QUEUE: string }): ClientConfig {
  const { SMS_PAYLOAD_ENCRYPTION, SMS_PAYLOAD_KEYS = '', SMS_TASK_QUEUE } = values;
  return {
    taskQueue: SMS_TASK_QUEUE,
    payloadKeys: SMS_PAYLOAD_ENCRYPTION === 'off' ? [] : parsePayloadKeys(SMS_PAYLOAD_KEYS),
  };
}

function isListenAddress(text: string): boolean {
  const [, port] = /^(?:\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):(\d{1,5})$/.exec(text) ?? [];
  return port !== undefined && Number(port) <= 65_535;
}

function isPostgresUrl(text: string): boolean {
  if (!isUrl(text, ['postgres:', 'postgresql:'])) return false;
  const { hostname, pathname, searchParams } = new URL(text);
  return (hostname !== '' || searchParams.has('host')) && pathname.length > 1 && isPercentEncoded(text);
}

/** A bare % in a password must be written as %25. */
function isPercentEncoded(url: string): boolean {
  return !/%(?![0-9A-Fa-f]{2})/.test(url);
}

function isUrl(text: string, protocols: readonly string[]): boolean {
  return URL.canParse(text) && protocols.includes(new URL(text).protocol);
}

function isProviderUrl(text: string): boolean {
  if (!isUrl(text, ['https:', 'http:'])) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  if (username + password + search + hash !== '') return false;
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}
