import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';
import type { LogLevel as TemporalLogLevel, Logger as TemporalLogger, LogMetadata } from '@temporalio/worker';
import { PinoPretty as pretty } from 'pino-pretty';
import { describeError } from './describe-error.js';
import { LOG_REDACTION } from './log-redaction.js';

/** What a log line may say besides its message: ids and names, nothing else gets through. */
const ALLOWED_FIELDS = new Set([
  'activityId',
  'activityType',
  'attempt',
  'durationMs',
  'namespace',
  'runId',
  'sdkComponent',
  'taskQueue',
  'workflowId',
  'workflowType',
]);

/** How lines are written: one JSON object each, or for people. */
export type LogFormat = 'json' | 'pretty';

/**
 * A structured log with ids only: JSON lines, or, where standard output is a terminal, the same for
 * people.
 */
export function createLog(options: {
  level: string;
  /** Overrides what standard output suggests. */
  format?: LogFormat | undefined;
  /** Standard output unless given. */
  destination?: DestinationStream;
}): PinoLogger {
  const { level, destination } = options;
  const settings = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, ...LOG_REDACTION };
  const isTerminal = destination === undefined && process.stdout.isTTY;
  if ((options.format ?? (isTerminal ? 'pretty' : 'json')) === 'pretty') {
    const stream = pretty({ destination: destination ?? 1, sync: true, colorize: isTerminal, ...PRETTY });
    return pino(settings, stream);
  }
  return destination === undefined ? pino(settings) : pino(settings, destination);
}

const PRETTY = { translateTime: 'SYS:HH:MM:ss.l', singleLine: true } as const;

const PINO_LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/**
 * The SDK's log, through ours: fields that are not on the list are dropped, of errors only type and
 * place are kept.
 */
export function createTemporalLogger(log: PinoLogger): TemporalLogger {
  const write = (level: TemporalLogLevel, message: string, meta: LogMetadata = {}) => {
    // The bundler reports over many lines; the first says it.
    log[PINO_LEVELS[level]](allowedFields(meta), message.split('\n', 1)[0]);
  };
  return {
    log: write,
    trace: (message, meta) => {
      write('TRACE', message, meta);
    },
    debug: (message, meta) => {
      write('DEBUG', message, meta);
    },
    info: (message, meta) => {
      write('INFO', message, meta);
    },
    warn: (message, meta) => {
      write('WARN', message, meta);
    },
    error: (message, meta) => {
      write('ERROR', message, meta);
    },
  };
}

function allowedFields(meta: LogMetadata): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(meta)) {
    if (ALLOWED_FIELDS.has(name) && (typeof value === 'string' || typeof value === 'number'))
      fields[name] = value;
  }
  if (meta['error'] instanceof Error) fields['error'] = describeError(meta['error']);
  return fields;
}
