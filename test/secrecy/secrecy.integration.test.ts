import assert from 'node:assert/strict';
import { SMS_CLIENT_ERRORS, SMS_ERRORS } from '../../src/domain/errors.js';
import { leaveTraces, type Traces } from './leave-traces.js';
import { createScanner } from './scan.js';
import type { Secret } from './secret-forms.js';
import type { Place } from './trail.js';

type Kind = Secret['kind'];

interface Expected {
  /** What must not be there. */
  readonly never: readonly Kind[];
  /** What was put there, to see that it would be found. */
  readonly planted: readonly Kind[];
  /**
   * Traces, by a part of their names, with a text that each of them must hold: or the wrong thing
   * was looked at.
   */
  readonly witnesses: Readonly<Record<string, string>>;
}

const ALL: readonly Kind[] = ['key', 'number', 'text'];

const PLACES: Readonly<Record<Place, Expected>> = {
  'stored in Temporal': { never: ALL, planted: ALL, witnesses: { 'history of ': 'Workflow' } },
  // For those who have the payload key; the API key is for nobody.
  'stored in Temporal, decrypted': {
    never: ['key'],
    planted: ALL,
    witnesses: { 'codec server, by-hand-': 'recipientPhone', __stack_trace: '.ts' },
  },
  'shown by Temporal': {
    never: ALL,
    planted: ALL,
    witnesses: { list: 'SmsErrorCode', __temporal_workflow_metadata: 'binary/encrypted' },
  },
  'files of Temporal': {
    never: ALL,
    planted: ALL,
    witnesses: { 'temporal.db, after its end': 'sendSmsWorkflow' },
  },
  'log of Temporal': { never: ALL, planted: ['number'], witnesses: { output: 'level=DEBUG' } },
  'log of PostgreSQL': { never: ALL, planted: ['text'], witnesses: { postgres: '"accounts"' } },
  'written by our processes': {
    never: ALL,
    planted: ['key'],
    witnesses: {
      worker: 'worker stopped',
      'codec server': '"codec request"',
      'durable-sms list --all': 'hunt-7',
    },
  },
  'served by the worker': {
    never: ALL,
    planted: [],
    witnesses: { metrics: 'sms_requests_total', healthz: '"', readyz: '"' },
  },
  'shown to pages': { never: ALL, planted: [], witnesses: { 'sms-': '"status":' } },
  spans: { never: ALL, planted: ['key'], witnesses: { collector: 'sms.provider.request' } },
  'command lines': { never: ALL, planted: ['number', 'text'], witnesses: { seen: 'send --job - --wait' } },
  errors: { never: ALL, planted: ['key'], witnesses: { 'activity, redirect': 'SEND_OUTCOME_UNKNOWN' } },
};

describe('the traces of sends', function () {
  this.timeout(600_000);
  let traces: Traces;
  before(async () => {
    traces = await leaveTraces();
  });

  it('come from scenarios that ended as intended, and met every code', () => {
    for (const { name, code, wanted } of traces.ends) assert.equal(code, wanted, name);
    const histories = traces.trail.at('stored in Temporal, decrypted').map(({ content }) => String(content));
    const met = new Set(traces.ends.map(({ code }) => code));
    for (const code of Object.keys({ ...SMS_ERRORS, ...SMS_CLIENT_ERRORS }))
      assert.ok(met.has(code) || histories.some((history) => history.includes(code)), code);
  });

  for (const [place, { never, planted, witnesses }] of Object.entries(PLACES) as [Place, Expected][])
    it(`expose no ${never.join(', ')}: ${place}`, function () {
      if (place === 'command lines' && process.platform !== 'linux') this.skip();
      const left = traces.trail.at(place);
      const findIn = (secrets: readonly Secret[]) => {
        const scan = createScanner(secrets);
        return left.flatMap(({ from, content }) => scan(content).map((finding) => ({ ...finding, from })));
      };
      for (const [name, text] of Object.entries(witnesses)) {
        const witness = left.filter(({ from }) => from.includes(name));
        assert.ok(witness.length > 0, name);
        for (const { from, content } of witness) assert.ok(content.includes(text), `${from}: no ${text}`);
      }
      const found = findIn(traces.secrets.filter(({ kind }) => never.includes(kind)));
      assert.deepEqual(found.slice(0, 10), [], `found ${found.length} times`);
      for (const kind of planted) {
        const [hit] = findIn(traces.planted.filter((secret) => secret.kind === kind));
        assert.ok(hit !== undefined, `the planted ${kind} was not found`);
      }
    });
});
