import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { parsePayloadKeys } from '../../src/encryption/payload-keys.js';
import { SMS_ERRORS } from '../../src/domain/errors.js';
import { createDataConverter } from '../../src/encryption/data-converter.js';
import { HISTORIES } from '../support/history-scenarios.js';
import { HISTORY_PAYLOAD_KEYS, workflowIdOf } from '../support/run-history.js';
import { installQuietRuntime } from '../support/quiet-runtime.js';
import { sharedWorkflowBundle } from '../support/shared-parts.js';

const DIRECTORY = new URL('../histories/', import.meta.url);
const names = HISTORIES.map(({ name }) => name);

const readHistory = (name: string) => readFile(new URL(`${name}.json`, DIRECTORY), 'utf8');

/** Today's workflow code, bundled once. */
let workflowBundle: WorkflowBundleWithSourceMap;

function replay(json: string, payloadKeys = parsePayloadKeys(HISTORY_PAYLOAD_KEYS)): Promise<void> {
  const history = historyFromJSON(JSON.parse(json));
  return Worker.runReplayHistory(
    { workflowBundle, dataConverter: createDataConverter(payloadKeys) },
    history,
    workflowIdOf(history),
  );
}

describe('recorded histories', () => {
  before(async () => {
    installQuietRuntime();
    workflowBundle = await sharedWorkflowBundle();
  });

  it('exist for each scenario, and no others', async () => {
    const files = (await readdir(DIRECTORY)).filter((file) => file.endsWith('.json'));
    assert.deepEqual(files.sort(), names.map((name) => `${name}.json`).sort());
  });

  it('cover a success and every error code', async () => {
    const all = (await Promise.all(names.map(readHistory))).join('\n');
    assert.ok(all.includes('"workflowExecutionCompletedEventAttributes"'));
    for (const code of Object.keys(SMS_ERRORS)) assert.ok(all.includes(`"type": "${code}"`), code);
  });

  it('hold no trace of where they were recorded', async () => {
    for (const name of names) {
      const json = await readHistory(name);
      assert.doesNotMatch(json, /\/home\/|\/work\/|\/Users\/|\d+@/, name);
    }
  });

  for (const name of names) {
    it(`replays ${name} with today's workflow code`, async () => {
      await replay(await readHistory(name));
    });
  }

  it('replay with the interceptors of a worker', () => {
    for (const name of ['pass-trace', '_tracer-data']) assert.ok(workflowBundle.code.includes(name), name);
  });

  it('include a traced run, which passed its trace on to the activity that sends', async () => {
    const { events = [] } = JSON.parse(await readHistory('traced-success')) as { events?: object[] };
    const traced = events.filter((event) => JSON.stringify(event).includes('_tracer-data'));
    assert.deepEqual(
      traced.map((event) => (event as { eventType: string }).eventType),
      ['EVENT_TYPE_WORKFLOW_EXECUTION_STARTED', 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED'],
    );
  });

  it('fails to replay an encrypted one without its key', async () => {
    const otherKeys = parsePayloadKeys(`history:${'5d'.repeat(32)}`);
    await assert.rejects(replay(await readHistory('encrypted-success'), otherKeys));
  });

  it('fails to replay one that was tampered with', async () => {
    const tampered = (await readHistory('success')).replaceAll('"sendSms"', '"sendSmsTwice"');
    await assert.rejects(replay(tampered), DeterminismViolationError);
  });

  it('fails to replay one whose run took another course', async () => {
    const json = JSON.parse(await readHistory('PROVIDER_UNAVAILABLE-then-success')) as {
      events: { eventType: string }[];
    };
    // Without the first back-off's timer, the code would have had to send again at once.
    json.events = json.events.filter(({ eventType }) => !eventType.includes('TIMER'));
    await assert.rejects(replay(JSON.stringify(json)));
  });
});
