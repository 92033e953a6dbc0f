import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readBundleModules } from '../../tools/bench/worker/profile/bundle-modules.js';
import { ownerOf, type CallFrame } from '../../tools/bench/worker/profile/owner-of.js';
import { shareOut, type CpuProfile } from '../../tools/bench/worker/profile/share-out.js';
import { ensureBuilt } from '../support/built-package.js';
import { ROOT } from '../support/run-node.js';

const SEPARATOR = '/************************************************************************/';

/** As webpack writes it, in short. */
const BUNDLE = [
  'var __TEMPORAL__;',
  '/******/ (() => { // webpackBootstrap',
  '/***/ "./node_modules/zod/v4/core/core.js"',
  '(module, exports) {',
  '/***/ },',
  '/***/ "./dist/domain/sms-job.js"',
  '(module, exports) {',
  '/***/ }',
  SEPARATOR,
  '/******/ 	// The module cache',
  SEPARATOR,
].join('\n');

const moduleAt = readBundleModules(BUNDLE);

const frameOf = (told: Partial<CallFrame>): CallFrame => ({
  functionName: 'run',
  url: '',
  lineNumber: 0,
  ...told,
});
const inBundle = (lineNumber: number, functionName = 'run') =>
  frameOf({ url: 'file:///app/dist/workflow-bundle.js', lineNumber, functionName });

describe('the modules of a workflow bundle', () => {
  it('are recognised by line, from the start of one module to the start of the next', () => {
    const told = Array.from({ length: 12 }, (_, line) => moduleAt(line));
    const [zod, ours] = ['./node_modules/zod/v4/core/core.js', './dist/domain/sms-job.js'];
    const nothing = undefined;
    assert.deepEqual(told, [
      nothing,
      nothing,
      zod,
      zod,
      zod,
      ours,
      ours,
      ours,
      nothing,
      nothing,
      nothing,
      nothing,
    ]);
  });

  it('are found in the bundle of the build', async function () {
    this.timeout('5 minutes');
    await ensureBuilt();
    const code = await readFile(join(ROOT, 'dist', 'workflow-bundle.js'), 'utf8');
    const moduleOf = readBundleModules(code);
    const lines = code.split('\n');
    const moduleWith = (text: string) => moduleOf(lines.findIndex((line) => line.includes(text)));
    assert.equal(moduleWith('function validateSmsJob('), './dist/domain/validate-sms-job.js');
    assert.match(moduleWith('async function sendSmsWorkflow(') ?? 'none', /^\.\/dist\/workflows\//);
    assert.equal(moduleWith('exports.preloadModules = '), undefined);
  });
});

describe('the owner of a call frame', () => {
  for (const [owner, url] of [
    ['our own code', 'file:///app/dist/activities/send-sms.js'],
    ['Temporal SDK', 'file:///app/node_modules/@temporalio/worker/lib/worker.js'],
    ['Temporal SDK', 'evalmachine.<anonymous>'],
    [
      'Temporal SDK: stack traces of promises',
      'file:///app/node_modules/@temporalio/worker/lib/workflow/vm-shared.js',
    ],
    ['Temporal SDK: stack traces of promises', 'file:///app/node_modules/source-map/lib/source-map.js'],
    ['rxjs, in the Temporal SDK', 'file:///app/node_modules/rxjs/dist/cjs/internal/Subject.js'],
    ['Protocol Buffers, in the Temporal SDK', 'file:///app/node_modules/protobufjs/src/reader.js'],
    ['Protocol Buffers, in the Temporal SDK', 'file:///app/node_modules/@temporalio/proto/protos/root.js'],
    ['PostgreSQL driver', 'file:///app/node_modules/postgres/src/connection.js'],
    ['PostgreSQL driver', 'file:///app/node_modules/drizzle-orm/pg-core/session.js'],
    ['zod', 'file:///app/node_modules/zod/v4/core/parse.js'],
    ['other packages', 'file:///app/node_modules/pino/lib/proto.js'],
    ['fetch (undici, in Node)', 'node:internal/deps/undici/undici'],
    ['loading modules', 'node:internal/modules/esm/loader'],
    ['Node', 'node:internal/timers'],
    ['native code', ''],
  ] as const) {
    it(`is ${owner} of ${url === '' ? 'no file' : url}`, () => {
      assert.equal(ownerOf(frameOf({ url }), moduleAt), owner);
    });
  }

  it('is recognised by the module of a line in the workflow bundle', () => {
    assert.equal(ownerOf(inBundle(3), moduleAt), 'zod');
    assert.equal(ownerOf(inBundle(6), moduleAt), 'our own code');
    assert.equal(ownerOf(inBundle(9), moduleAt), 'Temporal SDK');
  });

  it('is recognised by name where there is no file', () => {
    const named = (functionName: string) => ownerOf(frameOf({ functionName }), moduleAt);
    assert.equal(named('(garbage collector)'), 'garbage collection');
    assert.equal(named('runInContext'), 'entering the workflow sandbox (node:vm)');
    assert.equal(named('(program)'), 'native code');
  });
});

describe('the shares of the CPU time', () => {
  const idle = frameOf({ functionName: '(idle)' });
  const collector = frameOf({ functionName: '(garbage collector)' });
  /** A profile of one sample for each frame, and how long each took. */
  const profileOf = (samples: readonly (readonly [CallFrame, number])[]): CpuProfile => ({
    nodes: samples.map(([callFrame], id) => ({ id, callFrame })),
    samples: samples.map((_, id) => id),
    timeDeltas: samples.map(([, us]) => us),
  });

  it('are grouped by owner and by function over all threads, largest first, without idle time', () => {
    const { busyMs, owners, functions } = shareOut(
      [
        profileOf([
          [inBundle(3, 'parse'), 1_000],
          [idle, 90_000],
        ]),
        profileOf([
          [collector, 3_000],
          [inBundle(3, 'parse'), 4_000],
          [inBundle(2, 'make'), 2_000],
          [idle, 5_000],
        ]),
      ],
      moduleAt,
    );
    assert.equal(busyMs, 10);
    assert.deepEqual(owners, [
      { owner: 'zod', share: 0.7 },
      { owner: 'garbage collection', share: 0.3 },
    ]);
    assert.deepEqual(functions, [
      { name: 'parse dist/workflow-bundle.js:4', owner: 'zod', share: 0.5 },
      { name: '(garbage collector)', owner: 'garbage collection', share: 0.3 },
      { name: 'make dist/workflow-bundle.js:3', owner: 'zod', share: 0.2 },
    ]);
  });

  it('add up to 1, and list the 15 largest functions', () => {
    const many = Array.from(
      { length: 20 },
      (_, index) =>
        [
          frameOf({ functionName: `f${index}`, url: index % 2 ? 'node:fs' : '/app/dist/a.js' }),
          100 + index,
        ] as const,
    );
    const { owners, functions } = shareOut([profileOf(many)], moduleAt);
    assert.equal(functions.length, 15);
    assert.equal(functions[0]?.name, 'f19 node:fs:1');
    const sum = owners.reduce((added, { share }) => added + share, 0);
    assert.ok(Math.abs(sum - 1) < 1e-9, String(sum));
  });

  it('are empty for threads that were only idle', () => {
    assert.deepEqual(shareOut([profileOf([[idle, 1_000]])], moduleAt), {
      busyMs: 0,
      owners: [],
      functions: [],
    });
  });
});
