import type { ConnectionOptions } from '@temporalio/client';
import type { CountryCode } from 'libphonenumber-js';
import type { PayloadKey } from '../encryption/payload-keys.js';

/**
 * Where Temporal is and how sends are started.
 *
 * @example A server of one's own
 * createSmsClient({ connection: { address: 'temporal.internal:7233' }, payloadKeys });
 *
 * @example Temporal Cloud
 * createSmsClient({
 *   connection: { address: 'eu-west-3.aws.api.temporal.io:7233', apiKey, tls: true },
 *   namespace: 'prospecting.a1b2c',
 *   payloadKeys,
 * });
 */
export interface SmsClientOptions {
  /**
   * Temporal's address, TLS, API key and so on, as `Connection` of `@temporalio/client` takes them.
   *
   * @default { address: 'localhost:7233' }
   */
  readonly connection?: ConnectionOptions | undefined;
  /**
   * Temporal's namespace.
   *
   * @default 'default'
   */
  readonly namespace?: string | undefined;
  /**
   * How long Temporal has to answer one request, further tries included: 1 to 2,147,483,647
   * milliseconds.
   *
   * @default 10_000
   */
  readonly callTimeoutMs?: number | undefined;
  /**
   * The keys that encrypt what Temporal stores: the same as the worker's SMS_PAYLOAD_KEYS (`id:64
   * hex[,id:64 hex…]`), or `off` where the worker has it off. The first encrypts, all decrypt.
   */
  readonly payloadKeys: string | readonly PayloadKey[];
  /**
   * The task queue that the workers poll, their SMS_TASK_QUEUE.
   *
   * @default 'sms'
   */
  readonly taskQueue?: string | undefined;
  /**
   * Makes an OpenTelemetry span for each start, in the SDK that the process has registered, and
   * continues the trace in the worker.
   *
   * @default false
   */
  readonly tracing?: boolean | undefined;
  /**
   * The country of a number that is written without a country code: ISO 3166-1 alpha-2.
   *
   * @default 'FR'
   */
  readonly defaultRegion?: CountryCode | undefined;
  /**
   * The purpose of messages that name none in `options.purpose`: a client for prospecting passes
   * `marketing`, so that no message escapes hours and limits.
   *
   * @default 'transactional'
   */
  readonly purpose?: 'transactional' | 'marketing' | undefined;
  /**
   * Whether sends are followed until the phone has sent the message, where `options.follow` does
   * not say.
   *
   * @default false
   */
  readonly follow?: boolean | undefined;
}
