import assert from 'node:assert/strict';
import type { ModeVerdict } from '../../tools/chaos/verify/mode-verdict.js';
import type { Verdict } from '../../tools/chaos/verify/verify.js';
import { makePlan } from '../../tools/chaos/plan/plan.js';
import { renderProgress, type ChaosProgress } from '../../tools/chaos/report/chaos-progress.js';
import { renderReport } from '../../tools/chaos/report/render-report.js';

const { sends } = makePlan({ sends: 3, seed: 4, lateRows: false });

const VERDICT: Verdict = {
  sends: 3,
  sent: 1,
  cancelled: 0,
  failed: { MESSAGE_EXPIRED: 1 },
  unknownOutcomes: 4,
  resent: 2,
  lost: 1,
  duplicated: 0,
  duplicatedByLateRows: 5,
  misreported: 0,
  wrongId: 0,
  reconciledByList: 1,
  held: { 'the message is absent': 2, 'the sent messages were not checked': 1 },
  msToClose: { median: 1_250, longest: 61_000 },
  findings: [{ kind: 'lost', keys: [sends[0]!.key], why: 'it never ended' }],
};

const render = (lateRows: boolean, mode?: ModeVerdict) =>
  renderReport(
    {
      system: 'a system',
      brokerName: 'Redis',
      seed: 4,
      lateRows,
      mode: mode && 'policies',
      verdict: { ...VERDICT, mode },
      requests: {},
      processFaults: { 'kill-worker': 7, 'kill-broker': 1 },
      workersDied: 0,
      tookMs: 90_000,
      msToRecover: 2_000,
      isBroken: true,
      jobs: [],
    },
    sends,
  );

describe('the report of a chaos run', () => {
  it('has a line for each figure', () => {
    const text = render(false);
    for (const line of [
      /^a system, seed 4$/m,
      /^ {2}failed +1 \(MESSAGE_EXPIRED\)$/m,
      /^ {2}lost +1$/m,
      /^ {2}held +3\n +2 the message is absent\n +1 the sent messages were not checked$/m,
      /^ {2}workers killed +7$/m,
      /^ {2}Redis killed, stopped +1, 0$/m,
      /^ {2}time to close, median +1\.3 s$/m,
      /^ {2}took +1:30$/m,
    ]) {
      assert.match(text, line);
    }
    assert.doesNotMatch(text, /late rows/);
  });

  it('names the jobs that went wrong, and no number', () => {
    assert.match(render(false), new RegExp(`lost: it never ended: ${sends[0]!.key}`));
    for (const { recipient } of sends) assert.ok(!render(false).includes(recipient.slice(-8)));
  });

  it('shows duplicates caused by late rows separately', () => {
    assert.match(render(true), /duplicated by late rows +5/);
  });

  it('shows the counters, figures and findings of the mode of the run', () => {
    const text = render(false, {
      counters: { 'above a limit': 1 },
      figures: { 'marketing messages': '2' },
      findings: [{ kind: 'above-limit', keys: [sends[1]!.key], why: '3 requests in a minute' }],
    });
    for (const line of [
      /^a system, seed 4, policies$/m,
      /^ {2}above a limit +1$/m,
      /^ {2}marketing messages +2$/m,
      new RegExp(`^ {2}above-limit: 3 requests in a minute: ${sends[1]!.key} `, 'm'),
    ]) {
      assert.match(text, line);
    }
  });

  it('reports the progress of the run in one line', () => {
    const progress: ChaosProgress = {
      elapsedMs: 65_000,
      sends: 200,
      taken: 100,
      open: 50,
      held: 0,
      resolved: 0,
      messages: 60,
      surplus: 0,
      faultsPlanned: 20,
      faultsStruck: 3,
      now: ['Redis killed'],
      problem: undefined,
    };
    assert.equal(
      renderProgress(progress),
      '1:05  [######..................]  started 100/200, ended 50  on phones 60  faults 3/20  Redis killed',
    );
    assert.match(
      renderProgress({ ...progress, surplus: 2, held: 1, resolved: 3 }),
      /\(2 too many\) {2}held 1, decided 3/,
    );
  });
});
