import assert from 'node:assert/strict';
import { ApplicationFailure } from '@temporalio/common';
import { createLog, createTemporalLogger } from '../../src/worker/log.js';

const SECRET = 'k3y +33639981234 Bonjour';

/** A Temporal logger and the lines that it wrote. */
function createLogger(level = 'trace') {
  const lines: string[] = [];
  const log = createLog({
    level,
    destination: {
      write: (line) => {
        lines.push(line);
      },
    },
  });
  return {
    log,
    logger: createTemporalLogger(log),
    lines,
    last: () => JSON.parse(lines.at(-1) ?? 'null') as Record<string, unknown>,
  };
}

const IDS = {
  activityId: '1',
  activityType: 'sendSms',
  attempt: 2,
  durationMs: 30,
  namespace: 'default',
  runId: 'run-1',
  sdkComponent: 'worker',
  taskQueue: 'sms',
  workflowId: 'sms-1',
  workflowType: 'sendSmsWorkflow',
};

describe('the log of the worker', () => {
  it('writes one line of JSON with time and level, without host and process', () => {
    const { log, last, lines } = createLogger();
    log.info({ runId: 'run-1' }, 'begun');
    assert.equal(lines.length, 1);
    const { time, ...line } = last();
    assert.deepEqual(line, { level: 30, runId: 'run-1', msg: 'begun' });
    assert.match(String(time), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  it('writes nothing below its level', () => {
    const { logger, lines } = createLogger('warn');
    logger.info('begun', IDS);
    logger.debug('begun', IDS);
    assert.deepEqual(lines, []);
  });
});

describe('the log of the Temporal SDK', () => {
  it('lets every id through', () => {
    const { logger, last } = createLogger();
    logger.info('done', IDS);
    const { time, level, ...line } = last();
    assert.deepEqual(line, { ...IDS, msg: 'done' });
    assert.equal(level, 30);
    assert.ok(time);
  });

  it('lets nothing else through: arguments, results, headers, payloads, nested ids', () => {
    const { logger, lines, last } = createLogger();
    const meta = {
      args: [SECRET],
      result: SECRET,
      headers: { x: SECRET },
      message: SECRET,
      msg: SECRET,
      cause: new Error(SECRET),
      err: new Error(SECRET),
      workflowId: { toString: () => SECRET, value: SECRET },
      runId: [SECRET],
      taskToken: Buffer.from(SECRET),
      workflowInfo: { workflowId: 'sms-1', memo: SECRET },
    };
    for (const level of ['trace', 'debug', 'info', 'warn', 'error'] as const) logger[level]('done', meta);
    logger.log('WARN', 'done', meta);
    assert.equal(lines.length, 6);
    assert.deepEqual(Object.keys(last()).sort(), ['level', 'msg', 'time']);
    for (const part of SECRET.split(' ')) assert.ok(!lines.join('').includes(part));
  });

  it('keeps levels apart', () => {
    const { logger, lines } = createLogger();
    for (const level of ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR'] as const) logger.log(level, 'x');
    const levels = lines.map((line) => (JSON.parse(line) as { level: number }).level);
    assert.deepEqual(levels, [10, 20, 30, 40, 50]);
  });

  it('keeps the type of an error and where it happened, not what it says', () => {
    const { logger, lines, last } = createLogger();
    class QueryError extends Error {
      override readonly name = 'QueryError';
    }
    const error = new QueryError(SECRET, { cause: new Error(SECRET) });
    logger.error('failed', { error, ...IDS });
    const shown = last()['error'] as { type: string; at: string[] };
    assert.equal(shown.type, 'QueryError');
    assert.ok(shown.at.some((place) => place.includes('log.test')));
    assert.ok(!lines.join('').includes('Bonjour'));
  });

  it('keeps the code of an ApplicationFailure, not its message and details', () => {
    const { logger, last, lines } = createLogger();
    const error = ApplicationFailure.nonRetryable(SECRET, 'API_KEY_INVALID', { text: SECRET });
    logger.warn('failed', { error });
    assert.equal((last()['error'] as { type: string }).type, 'API_KEY_INVALID');
    assert.ok(!lines.join('').includes('Bonjour'));
  });

  it('keeps nothing of a message of many lines, also where a line looks like a place in the code', () => {
    const { logger, lines } = createLogger();
    logger.error('failed', { error: new Error(`first\n    at ${SECRET}\nlast ${SECRET}`) });
    assert.ok(!lines.join('').includes('Bonjour'), lines.join(''));
  });

  for (const error of [SECRET, { message: SECRET }, null, undefined, 7]) {
    it(`drops an error that is ${error === null ? 'null' : typeof error}`, () => {
      const { logger, last } = createLogger();
      logger.error('failed', { error });
      assert.deepEqual(Object.keys(last()).sort(), ['level', 'msg', 'time']);
    });
  }

  it('writes the first line of a message only', () => {
    const { logger, last } = createLogger();
    logger.info('bundled\n  module a\n  module b');
    assert.equal(last()['msg'], 'bundled');
  });
});
