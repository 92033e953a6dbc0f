import assert from 'node:assert/strict';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { ApplicationFailure } from '@temporalio/common';
import { createLog, createTemporalLogger } from '../../src/observability/log.js';

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

describe('redaction in the log', () => {
  const job = { recipientPhone: '+33639981234', message: 'Bonjour', accountId: 'account-1' };
  const SECRETS = /639981234|Bonjour|s3cret/;

  for (const [what, fields] of Object.entries({
    'a job': job,
    'a job in a field': { job, runId: 'run-1' },
    'the arguments of an activity': { args: [job] },
    'keys, in every form': {
      apiKey: 's3cret',
      sealedApiKey: 's3cret',
      encryptedApiKey: 's3cret',
      authorization: 's3cret',
      headers: { authorization: 's3cret' },
      deep: { request: { apiKey: 's3cret', message: 'Bonjour' } },
    },
    'a number in any text': {
      reason: 'to +33639981234, now',
      at: ['x+33639981234'],
      deep: { a: { b: job.recipientPhone } },
    },
    'an error': { err: new Error('Bonjour s3cret', { cause: new Error('Bonjour') }) },
    'an error of another name': { error: new Error('Bonjour s3cret') },
  })) {
    it(`redacts ${what}`, () => {
      const { log, lines } = createLogger();
      log.info(fields, 'sent');
      log.child(fields).info('sent');
      assert.doesNotMatch(lines.join(''), SECRETS);
      assert.equal(lines.length, 2);
    });
  }

  it('redacts numbers in messages, and the message of an error that is logged alone', () => {
    const { log, lines, last } = createLogger();
    log.info('sent to +33639981234');
    log.error(new Error('Bonjour s3cret +33639981234'));
    assert.doesNotMatch(lines.join(''), SECRETS);
    assert.equal((last()['err'] as { type: string }).type, 'Error');
    assert.equal(last()['msg'], 'failed');
  });

  it('leaves ids, times, digests and field names of ours unchanged', () => {
    const { log, last } = createLogger();
    const ids = {
      workflowId: 'sms-04035361-8c59-477c-9ec9-e1623d797229-lead:33639981234',
      runId: '01939e1f-0000-7000-8000-123456789012',
      messageId: '48f846128782d7ad5a4b706b3e460942788b080a',
      at: '2026-11-22T18:01:05+02:00',
      atMs: 1_795_396_927_000,
      digest: 'ab+12/cd==',
      error: { type: 'PayloadError', message: 'No payload key has the id k1.' },
    };
    log.info(ids, 'sent');
    for (const [name, value] of Object.entries(ids)) assert.deepEqual(last()[name], value);
  });
});

describe('the human-readable log', () => {
  it('has one line per entry, redacted in the same way', async () => {
    const destination = new PassThrough({ encoding: 'utf8' });
    const log = createLog({ level: 'info', format: 'pretty', destination });
    log.info({ runId: 'run-1', apiKey: 's3cret' }, 'sent to +33639981234');
    const [line] = (await once(destination, 'data')) as [string];
    assert.match(
      line,
      /^\[[\d:.]+\] INFO: sent to \[number\] \{"runId":"run-1","apiKey":"\[redacted\]"\}\n$/,
    );
  });
});

describe('the log of the Temporal SDK', () => {
  it('passes every id on', () => {
    const { logger, last } = createLogger();
    logger.info('done', IDS);
    const { time, level, ...line } = last();
    assert.deepEqual(line, { ...IDS, msg: 'done' });
    assert.equal(level, 30);
    assert.ok(time);
  });

  it('passes nothing else on: arguments, results, headers, payloads, nested ids', () => {
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

  it('keeps the type and location of an error, not its message', () => {
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

  it('keeps nothing of a multi-line message, even if a line looks like a stack frame', () => {
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
