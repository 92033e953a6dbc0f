import assert from 'node:assert/strict';
import { renderMarkdown } from '../../tools/bench/report/render-markdown.js';
import { renderTable } from '../../tools/bench/report/render-table.js';
import { summarize } from '../../tools/bench/report/summarize.js';
import type { Comparison, MeasuredSystem } from '../../tools/bench/results.js';
import { makeComparison, makeSample } from './make-comparison.js';

const SYSTEMS: readonly MeasuredSystem[] = [
  { name: 'threeActivities', label: 'three activities', workerPeakRssBytes: 100 * 2 ** 20 },
  { name: 'durable', label: 'ours', cost: { events: 14, bytes: 12_345, billableActions: 3 } },
];

const PEER: MeasuredSystem = {
  name: 'peer',
  label: 'a peer',
  version: '1.2.3',
  settings: 'flush | everysec',
  unprotected: ['the key of an account', 'a second of jobs when the machine goes down'],
};

const SAMPLES = [
  makeSample({ round: 0, sendsPerSecond: 20, p50Ms: 1234.5, workerCpuMs: 2.345, serverCpuMs: 34.56 }),
  makeSample({ round: 1, sendsPerSecond: 30 }),
  makeSample({ system: 'threeActivities', round: 0, sendsPerSecond: 10 }),
  makeSample({ system: 'threeActivities', round: 1, sendsPerSecond: 20 }),
  makeSample({ system: 'peer', round: 0, sendsPerSecond: 543.2 }),
];

const summarizeWith = (told: Partial<Comparison> = {}) =>
  summarize(makeComparison(SAMPLES, { systems: SYSTEMS, ...told }));

describe('the table of a comparison', () => {
  it('says in the first line how many rounds were measured', () => {
    const [first] = renderTable(summarizeWith({ rounds: 1, samples: [makeSample({})] })).split('\n');
    assert.equal(
      first,
      'Measured 1 round, with windows of 20 s, from 2026-03-04 05:06 to 2026-03-04 06:07 UTC.',
    );
  });

  it('says in the first line that it was interrupted', () => {
    const samples = [...SAMPLES, makeSample({ round: 1, system: 'peer' }), makeSample({ round: 2 })];
    const [first] = renderTable(summarizeWith({ rounds: 5, isComplete: false, samples })).split('\n');
    assert.equal(
      first,
      'Measured 2 of 5 rounds in full, with windows of 20 s, broken off at 2026-03-04 06:07 UTC.',
    );
  });

  it('has a row for each system at each load', () => {
    const text = renderTable(summarizeWith({ samples: [...SAMPLES, makeSample({ inFlight: 1 })] }));
    assert.match(text, /^1 in flight$/m);
    assert.match(text, /^20 in flight$/m);
    assert.match(text, /^ {2}ours +25\.0 \(20\.0–30\.0\) +1\.75 +– +– +667 ms +200 ms +2\.35 ms +34\.6 ms$/m);
    assert.match(text, /^ {2}three activities +15\.0 \(10\.0–20\.0\) +1\.00 +– +– +100 ms +200 ms +– +–$/m);
  });

  it('shows what was not measured as missing', () => {
    const text = renderTable(summarizeWith({ samples: [makeSample({})] }));
    assert.match(text, /^ {2}three activities( +–){8}$/m);
  });

  it('shows the cost of a send', () => {
    const text = renderTable(summarizeWith());
    assert.match(text, /^ {2}ours +14 +12,345 +3 +–$/m);
    assert.match(text, /^ {2}three activities +– +– +– +100 MiB$/m);
  });

  it('says next to the throughput of peers what they leave unprotected', () => {
    assert.doesNotMatch(renderTable(summarizeWith()), /unprotected/);
    const text = renderTable(summarizeWith({ systems: [...SYSTEMS, PEER] }));
    assert.match(
      text,
      /^ {2}a peer +543 +1\.2\.3 +flush \| everysec +the key of an account; a second of jobs$/m,
    );
    assert.match(text, /^ {20,}when the machine goes down$/m);
  });

  it('says whether each target is met, to the deciding digit', () => {
    const samples = [
      ...SAMPLES,
      makeSample({ inFlight: 100, sendsPerSecond: 1.599 }),
      makeSample({ inFlight: 100, sendsPerSecond: 1, system: 'threeActivities' }),
    ];
    const text = renderTable(summarizeWith({ samples }));
    assert.match(text, /^ {2}throughput against three activities +20 +≥ 1\.6 × +1\.750 × +met$/m);
    assert.match(text, /^ {2}throughput against three activities +100 +≥ 1\.6 × +1\.599 × +missed$/m);
    assert.match(text, /^ {2}throughput against one activity +20 +≥ 0\.9 × +– +not measured$/m);
    assert.match(text, /^ {2}events in the history +– +≤ 13 +14 +missed$/m);
  });
});

describe('the Markdown of a comparison', () => {
  it('has the same rows', () => {
    const text = renderMarkdown(summarizeWith());
    assert.match(text, /^Measured 1 of 2 rounds in full, /);
    assert.match(
      text,
      /^### 20 in flight\n\n\| system \| sends\/s \| × three activities \|.*\n\| :-- \| --: \| --: \|/m,
    );
    assert.match(text, /^\| ours \| 25\.0 \(20\.0–30\.0\) \| 1\.75 \| – \| – \| 667 ms \|/m);
  });

  it('escapes what would end a row or start a tag', () => {
    const peer = { ...PEER, label: 'a <b> peer\n# of *ours*' };
    const text = renderMarkdown(summarizeWith({ systems: [...SYSTEMS, peer] }));
    assert.match(
      text,
      /^\| a \\<b\\> peer # of \\\*ours\\\* \| 543 \| 1\.2\.3 \| flush \\\| everysec \| the key/m,
    );
  });
});
