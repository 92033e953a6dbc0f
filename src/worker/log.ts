import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';
import type { LogLevel as TemporalLogLevel, Logger as TemporalLogger, LogMetadata } from '@temporalio/worker';
import { PayloadError } from '../domain/payload-error.js';

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

/** A structured log: JSON lines with ids only. */
export function createLog(options: { level: string; destination?: DestinationStream }): PinoLogger {
  const settings = { level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination);
}

const PINO_LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** The SDK's log, through ours: fields that are not on the list are dropped, of errors only type and place are kept. */
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

/** An error's message may quote what it stumbled over; its type, our code and the place in the code do not. */
function describeError(error: Error): Record<string, unknown> {
  // It names the key that is missing, and nothing else.
  if (error instanceof PayloadError) return { type: error.name, message: error.message };
  const type = 'type' in error && typeof error.type === 'string' ? error.type : error.name;
  const stack = error.stack ?? '';
  const afterMessage = stack.slice(stack.indexOf(error.message) + error.message.length);
  const at = stack.includes(error.message)
    ? afterMessage.split('\n').filter((line) => /^\s+at /.test(line))
    : [];
  return { type, at: at.slice(0, 5).map((line) => line.trim()) };
}
