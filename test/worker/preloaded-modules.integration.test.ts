import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { bundleWorkflowCode, Worker } from '@temporalio/worker';
import { parsePayloadKeys } from '../../src/encryption/payload-keys.js';
import { CONVERTER_PATHS, createDataConverter } from '../../src/encryption/data-converter.js';
import { parseSendDecision } from '../../src/domain/send-decision.js';
import { validateSmsJob } from '../../src/domain/validate-sms-job.js';
import { createLog, createTemporalLogger } from '../../src/observability/log.js';
import {
  BUNDLES,
  modulesOfTheBuild,
  preloadedModules,
  workflowsPath,
} from '../../src/worker/workflow-source.js';
import { ensureBuilt } from '../support/built-package.js';
import type { SandboxCalls, SandboxOutcomes } from '../support/call-in-sandbox.js';
import { ROOT, runNode } from '../support/run-node.js';
import { HISTORIES } from '../support/history-scenarios.js';
import { installQuietRuntime } from '../support/quiet-runtime.js';
import { HISTORY_PAYLOAD_KEYS, workflowIdOf } from '../support/run-history.js';
import { makeDirectory } from '../support/scratch.js';

const BUNDLE = join(ROOT, 'dist', BUNDLES.encodedFailures);
const WHY =
  'the SDK freezes whatever the exports of a preloaded module lead to, and zod writes to it when it parses';

const ACCOUNT = '6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e';
const JOB = { recipientPhone: '+33639980001', message: 'Bonjour', accountId: ACCOUNT };
const OPTIONS = {
  onUnknown: 'resend',
  maxResends: 2,
  unknownChecksMs: [100, 2_000],
  simSlot: 2,
  expiresAt: '2030-01-01T12:00:00+02:00',
  sendingPhoneId: 'phone-1',
};

/** Jobs that are valid, and jobs with a mistake in each place. */
const JOBS: readonly unknown[] = [
  JOB,
  { ...JOB, metadata: { huntId: 'h', adId: 'a', leadId: 'l' }, options: OPTIONS },
  { ...JOB, unknown: 1, metadata: { unknown: 1 }, options: { unknown: 1 } },
  ...[
    { recipientPhone: '0639980001' },
    { message: ' ' },
    { accountId: 'none' },
    { accountId: undefined },
  ].map((change) => ({ ...JOB, ...change })),
  ...['huntId', 'adId', 'leadId'].map((name) => ({ ...JOB, metadata: { [name]: 'a b' } })),
  ...Object.keys(OPTIONS).map((name) => ({ ...JOB, options: { ...OPTIONS, [name]: 'a b' } })),
  { ...JOB, options: { unknownChecksMs: [2, 1] } },
  'no job',
];

const DECISIONS: readonly unknown[] = [
  { sent: true, messageId: 'id-1' },
  { resend: true },
  { abandon: true },
  { sent: true, messageId: 'a b' },
  { resend: false },
  {},
  'yes',
];

/** The outcome, as the sandbox reports it. */
function outcomeOf(run: () => unknown): string {
  try {
    return JSON.stringify(run());
  } catch (error) {
    return String(error);
  }
}

/**
 * Calls functions of shared modules as runs of a worker do, in a process of its own: the SDK
 * changes the process that has a sandbox.
 */
async function callInSandbox(calls: SandboxCalls): Promise<SandboxOutcomes> {
  const script = ['--import', 'tsx', 'test/support/call-in-sandbox.ts'];
  const { stdout, stderr } = await runNode(script, { input: JSON.stringify(calls) });
  assert.equal(stderr, '');
  return JSON.parse(stdout) as SandboxOutcomes;
}

describe('the modules that all runs share', function () {
  this.timeout('5 minutes');
  let sourcesBundle: string;
  before(async () => {
    installQuietRuntime();
    await ensureBuilt();
    const { code } = await bundleWorkflowCode({
      workflowsPath: workflowsPath(),
      preloadModules: preloadedModules(),
      ...CONVERTER_PATHS,
      logger: createTemporalLogger(createLog({ level: 'silent' })),
    });
    sourcesBundle = join(await makeDirectory('bundle'), 'workflow-bundle.js');
    await writeFile(sourcesBundle, code);
  });

  it('are the three that import zod, and in the build the one that disables stack traces', () => {
    const named = (paths: readonly string[]) => paths.map((path) => path.replace(/^.*\/src\//, ''));
    const domain = ['domain/sms-job-schema.ts', 'domain/validate-sms-job.ts', 'domain/send-decision.ts'];
    assert.deepEqual(named(preloadedModules()), domain);
    assert.deepEqual(named(modulesOfTheBuild()), [...domain, 'workflows/no-stack-traces.ts']);
  });

  for (const path of ['sms-job-schema', 'validate-sms-job', 'send-decision']) {
    it(`export only what may be frozen from ${path}`, async () => {
      const exports = (await import(`../../src/domain/${path}.js`)) as Record<string, unknown>;
      assert.deepEqual(findUnfreezable(exports), [], WHY);
    });
  }

  it('would be caught exporting a schema or a pattern', async () => {
    const { z } = await import('zod');
    const exports = {
      deep: { list: [{ schema: z.string() }] },
      read: Object.assign(() => 1, { pattern: /a/ }),
    };
    assert.deepEqual(findUnfreezable(exports), ['deep.list.0.schema', 'read.pattern']);
  });

  for (const [what, bundlePath, moduleOf, stackTraceLimit] of [
    ['the bundle of the build', () => BUNDLE, (name: string) => `./dist/domain/${name}.js`, 0],
    ['a bundle of the sources', () => sourcesBundle, (name: string) => `./src/domain/${name}.ts`, 10],
  ] as const) {
    it(`validate jobs and decisions from ${what} when frozen as they do outside`, async () => {
      const once = [
        ...JOBS.flatMap((job) =>
          (['ignore', 'refuse'] as const).map((unknownFields) => ({
            module: moduleOf('validate-sms-job'),
            name: 'validateSmsJob',
            args: [job, unknownFields],
            outside: () => validateSmsJob(job, unknownFields),
          })),
        ),
        ...DECISIONS.map((decision) => ({
          module: moduleOf('send-decision'),
          name: 'parseSendDecision',
          args: [decision],
          outside: () => parseSendDecision(decision),
        })),
      ];
      // What zod makes at the first use is used at the second.
      const calls = [...once, ...once];
      const answer = await callInSandbox({ bundlePath: bundlePath(), calls });
      assert.deepEqual(
        answer.outcomes,
        calls.map(({ outside }) => outcomeOf(outside)),
        WHY,
      );
      assert.equal(answer.stackTraceLimit, stackTraceLimit);
    });
  }

  it('are the same in the bundle with readable failures', async () => {
    const [encoded, readable] = await Promise.all(
      Object.values(BUNDLES).map((name) => readFile(join(ROOT, 'dist', name), 'utf8')),
    );
    assert.match(encoded ?? '', /encodeCommonAttributes: true/);
    assert.doesNotMatch(readable ?? '', /encodeCommonAttributes: true/);
    const json = await readFile(new URL('../histories/MESSAGE_SEND_FAILED.json', import.meta.url), 'utf8');
    const history = historyFromJSON(JSON.parse(json));
    await Worker.runReplayHistory(
      {
        workflowBundle: { codePath: join(ROOT, 'dist', BUNDLES.readableFailures) },
        dataConverter: createDataConverter([]),
      },
      history,
      workflowIdOf(history),
    );
  });

  for (const { name } of HISTORIES) {
    it(`let the bundle of the build replay ${name}`, async () => {
      const json = await readFile(new URL(`../histories/${name}.json`, import.meta.url), 'utf8');
      const history = historyFromJSON(JSON.parse(json));
      await Worker.runReplayHistory(
        {
          workflowBundle: { codePath: BUNDLE },
          dataConverter: createDataConverter(parsePayloadKeys(HISTORY_PAYLOAD_KEYS)),
        },
        history,
        workflowIdOf(history),
      );
    });
  }
});

/** The places in what a module exports where a zod schema or a pattern lies. */
function findUnfreezable(exports: Record<string, unknown>): string[] {
  const seen = new Set<unknown>();
  const found: string[] = [];
  const visit = (value: unknown, place: readonly string[]) => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value))
      return;
    seen.add(value);
    if (value instanceof RegExp || '_zod' in value) {
      found.push(place.join('.'));
      return;
    }
    for (const [name, { value: inner }] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
      visit(inner, [...place, name]);
    }
  };
  for (const [name, value] of Object.entries(exports)) visit(value, [name]);
  return found;
}
