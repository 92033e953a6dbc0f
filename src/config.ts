import { z } from 'zod';
import {
  codecServerShape,
  problemsOfCodecServer,
  toCodecServerConfig,
  type CodecServerConfig,
} from './codec-server/codec-server-config.js';
import {
  LOG_LEVELS,
  buildId,
  deploymentName,
  heldIntervalMs,
  hexKey,
  listenAddress,
  optOutReply,
  postgresUrl,
  providerUrl,
  tracesEndpoint,
  type LogLevel,
} from './config/config-forms.js';
import {
  problemsOfDeployment,
  problemsOfNodeDebug,
  problemsOfPayloadKeys,
  problemsOfRequireEncrypted,
  problemsOfSameKeys,
} from './config/config-problems.js';
import { parsePayloadKeys, type PayloadKey } from './encryption/payload-keys.js';
import { DEFAULT_TASK_QUEUE } from './domain/names.js';
import type { Environment } from './config/environment.js';
import { parseEnvironment } from './config/parse-environment.js';

export type { Environment } from './config/environment.js';
export { ConfigError } from './config/parse-environment.js';

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
  LOG_FORMAT: z.enum(['json', 'pretty'], 'must be json or pretty').optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
  SMS_REQUIRE_ENCRYPTED: z.enum(['on', 'off'], 'must be on or off').default('off'),
  SMS_POLICIES: z.enum(['on', 'off'], 'must be on or off').default('on'),
  SMS_OPT_OUT_REPLY: optOutReply,
  METRICS_ADDRESS: listenAddress.refine(
    (text) => text === undefined || !/^[A-Za-z]/.test(text),
    'must be IP:port, such as 127.0.0.1:9464',
  ),
  METRICS_HELD_INTERVAL_MS: heldIntervalMs,
  OTEL_EXPORTER_OTLP_ENDPOINT: tracesEndpoint,
  OTEL_SERVICE_NAME: z.string().default('durable-sms'),
  HEALTH_ADDRESS: listenAddress,
  SMS_WORKER_DEPLOYMENT: deploymentName,
  SMS_WORKER_BUILD_ID: buildId,
};

/** What a process needs that starts or watches runs. */
export interface ClientConfig {
  readonly taskQueue: string;
  /** The first encrypts, all decrypt; empty where payload encryption is off. */
  readonly payloadKeys: readonly PayloadKey[];
}

/** One build of the workers that are deployed under one name. */
export interface WorkerDeployment {
  readonly name: string;
  readonly buildId: string;
}

/** What the worker needs. */
export interface WorkerConfig extends ClientConfig {
  readonly databaseUrl: string;
  /** The first seals, all decrypt. */
  readonly encryptionKeys: readonly [string, ...string[]];
  readonly providerUrl: string;
  /** Refuse runs whose job is not encrypted. */
  readonly requireEncrypted: boolean;
  /** Opt-outs, hours and limits hold, from the schema `durable_sms`. */
  readonly policies: boolean;
  /** The text that confirms an opt-out; undefined if none is sent. */
  readonly optOutReply: string | undefined;
  readonly logLevel: LogLevel;
  /** Undefined: pretty where standard output is a terminal, else JSON. */
  readonly logFormat: 'json' | 'pretty' | undefined;
  /** `host:port` of the Prometheus endpoint. */
  readonly metricsAddress: string | undefined;
  /** Spans are exported; the exporter itself reads where to. */
  readonly traces: { readonly serviceName: string } | undefined;
  /** How often Temporal is asked how many runs are held, in milliseconds. */
  readonly heldIntervalMs: number;
  /** `host:port` of `/healthz` and `/readyz`. */
  readonly healthAddress: string | undefined;
  /**
   * With it, runs are pinned to the build that began them; without it, any worker goes on with any
   * run.
   */
  readonly deployment: WorkerDeployment | undefined;
}

/**
 * The configuration of the worker, from its environment.
 *
 * @throws ConfigError with every problem at once
 */
export function readWorkerConfig(env: Environment): WorkerConfig {
  const values = parseEnvironment(workerShape, env, (present) => [
    ...problemsOfPayloadKeys(present),
    ...problemsOfRequireEncrypted(present),
    ...problemsOfNodeDebug(present),
    ...problemsOfDeployment(present),
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
    policies: values.SMS_POLICIES === 'on',
    optOutReply: values.SMS_OPT_OUT_REPLY,
    logLevel: values.LOG_LEVEL,
    logFormat: values.LOG_FORMAT,
    metricsAddress: values.METRICS_ADDRESS,
    traces:
      values.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
        ? undefined
        : { serviceName: values.OTEL_SERVICE_NAME },
    heldIntervalMs: values.METRICS_HELD_INTERVAL_MS,
    healthAddress: values.HEALTH_ADDRESS,
    deployment: toDeployment(values),
  };
}

/**
 * The configuration of a client, from its environment.
 *
 * @throws ConfigError with every problem at once
 */
export function readClientConfig(env: Environment): ClientConfig {
  return toClientConfig(parseEnvironment(clientShape, env, problemsOfPayloadKeys));
}

/**
 * What `durable-sms accounts set-key` needs: a DATABASE_URL that may write, and the key to encrypt
 * with.
 *
 * @throws ConfigError with every problem at once
 */
export function readSetKeyConfig(env: Environment): { databaseUrl: string; encryptionKey: string } {
  const { DATABASE_URL, SMS_API_KEY_ENCRYPTION_KEY } = workerShape;
  const values = parseEnvironment({ DATABASE_URL, SMS_API_KEY_ENCRYPTION_KEY }, env);
  return { databaseUrl: values.DATABASE_URL, encryptionKey: values.SMS_API_KEY_ENCRYPTION_KEY };
}

/**
 * What `durable-sms accounts rekey` needs: a DATABASE_URL that may write, the key to encrypt with
 * and the one before it.
 *
 * @throws ConfigError with every problem at once
 */
export function readRekeyConfig(env: Environment): {
  databaseUrl: string;
  encryptionKey: string;
  previousEncryptionKey: string;
} {
  const { DATABASE_URL, SMS_API_KEY_ENCRYPTION_KEY } = workerShape;
  const shape = { DATABASE_URL, SMS_API_KEY_ENCRYPTION_KEY, SMS_API_KEY_ENCRYPTION_KEY_PREVIOUS: hexKey };
  const values = parseEnvironment(shape, env, problemsOfSameKeys);
  return {
    databaseUrl: values.DATABASE_URL,
    encryptionKey: values.SMS_API_KEY_ENCRYPTION_KEY,
    previousEncryptionKey: values.SMS_API_KEY_ENCRYPTION_KEY_PREVIOUS,
  };
}

/**
 * The database that `durable-sms setup` sets up; undefined where DATABASE_URL is not set, or
 * SMS_POLICIES is off.
 *
 * @throws ConfigError with every problem at once
 */
export function readSetupDatabase(env: Environment): string | undefined {
  const { DATABASE_URL, SMS_POLICIES } = workerShape;
  if ((env['DATABASE_URL'] ?? '') === '') return undefined;
  const values = parseEnvironment({ DATABASE_URL, SMS_POLICIES }, env);
  return values.SMS_POLICIES === 'off' ? undefined : values.DATABASE_URL;
}

/**
 * What the commands about policies need: a DATABASE_URL that may write to the schema `durable_sms`.
 *
 * @throws ConfigError with every problem at once
 */
export function readPoliciesConfig(env: Environment): { databaseUrl: string } {
  const { DATABASE_URL } = workerShape;
  return { databaseUrl: parseEnvironment({ DATABASE_URL }, env).DATABASE_URL };
}

/**
 * The configuration of the codec server; it reads neither the API keys' encryption key nor the
 * database.
 *
 * @throws ConfigError with every problem at once
 */
export function readCodecServerConfig(env: Environment): CodecServerConfig {
  const shape = { ...codecServerShape, CODEC_SERVER_ADDRESS: listenAddress };
  return toCodecServerConfig(parseEnvironment(shape, env, problemsOfCodecServer));
}

interface ClientVariables {
  SMS_PAYLOAD_ENCRYPTION?: 'on' | 'off';
  SMS_PAYLOAD_KEYS?: string | undefined;
}

function toClientConfig(values: ClientVariables & { SMS_TASK_QUEUE: string }): ClientConfig {
  const { SMS_PAYLOAD_ENCRYPTION, SMS_PAYLOAD_KEYS = '', SMS_TASK_QUEUE } = values;
  return {
    taskQueue: SMS_TASK_QUEUE,
    payloadKeys: SMS_PAYLOAD_ENCRYPTION === 'off' ? [] : parsePayloadKeys(SMS_PAYLOAD_KEYS),
  };
}

function toDeployment(values: {
  SMS_WORKER_DEPLOYMENT?: string | undefined;
  SMS_WORKER_BUILD_ID?: string | undefined;
}): WorkerDeployment | undefined {
  const { SMS_WORKER_DEPLOYMENT: name, SMS_WORKER_BUILD_ID: id } = values;
  return name === undefined || id === undefined ? undefined : { name, buildId: id };
}
