import assert from 'node:assert/strict';
import { renderChart } from '../../tools/bench/report/render-chart.js';
import { summarize } from '../../tools/bench/report/summarize.js';
import type { Comparison } from '../../tools/bench/results.js';
import { makeComparison, makeSample } from './make-comparison.js';

const LABELS = { threeActivities: 'three activities', durable: 'ours', peer: 'a peer' };

const SYSTEMS = Object.entries(LABELS).map(([name, label]) => ({ name, label }));

const SAMPLES = Object.keys(LABELS).flatMap((system, index) =>
  [1, 20, 100].flatMap((inFlight) =>
    [0, 1].map((round) =>
      makeSample({ system, inFlight, round, sendsPerSecond: 10 * (index + 1) + round, p50Ms: 50 - index }),
    ),
  ),
);

const summarizeWith = (told: Partial<Comparison> = {}) =>
  summarize(makeComparison(SAMPLES, { systems: SYSTEMS, ...told }));

/** Fails unless all tags are closed in order, attributes quoted and entities known. */
function assertWellFormed(xml: string): void {
  const tag = /<(\/?)([a-z]+)((?: [A-Za-z:-]+="[^"<]*")*)(\/?)>/gy;
  const between = /[^<]*/y;
  const open: string[] = [];
  let at = 0;
  while (at < xml.length) {
    tag.lastIndex = at;
    const found = tag.exec(xml);
    assert.ok(found, `no tag at: ${xml.slice(at, at + 80)}`);
    const [whole, isEnd, name, , isEmpty] = found;
    if (isEnd) assert.equal(open.pop(), name);
    else if (!isEmpty) open.push(name!);
    between.lastIndex = at + whole.length;
    const text = between.exec(xml)![0];
    if (open.length === 0) assert.equal(text.trim(), '');
    at += whole.length + text.length;
  }
  assert.deepEqual(open, []);
  assert.doesNotMatch(xml, /&(?!(?:amp|lt|gt|quot|#39);)/);
  assert.doesNotMatch(xml, /[^\P{C}\n]/u);
}

const textsOf = (svg: string) => [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text]) => text!);

describe('the chart of a comparison', () => {
  it('shows the latency of a single send or else throughput, with the ratio to three activities', () => {
    const svg = renderChart(summarizeWith());
    const texts = textsOf(svg);
    for (const text of [
      '1 send in flight: latency',
      '20 sends in flight: throughput',
      '100 sends in flight: throughput',
    ]) {
      assert.ok(texts.includes(text), text);
    }
    for (const text of ['ours', '49.0 ms', '20.5/s', '0.98 ×', '1.95 × (1.91–2.00)']) {
      assert.ok(texts.includes(text), text);
    }
    assertWellFormed(svg);
  });

  it('escapes text', () => {
    const label = `<b>"A" & 'B'</b>\u0000\u001b`;
    const systems = SYSTEMS.map((system) => (system.name === 'peer' ? { ...system, label } : system));
    const machine = { ...summarizeWith().machine, cpu: 'A <CPU> & more' };
    const svg = renderChart(summarizeWith({ systems, machine }), { title: 'Us & <them>' });
    assertWellFormed(svg);
    assert.ok(textsOf(svg).includes('&lt;b&gt;&quot;A&quot; &amp; &#39;B&#39;&lt;/b&gt;??'));
    assert.match(svg, /<title id="title">Us &amp; &lt;them&gt;<\/title>/);
    assert.match(svg, /A &lt;CPU&gt; &amp; more/);
  });

  it('draws our systems in the accent colour', () => {
    const fills = [...renderChart(summarizeWith()).matchAll(/<path d="[^"]*z" fill="([^"]*)"/g)].map(
      ([, fill]) => fill,
    );
    assert.equal(fills.length, 9);
    const [three, ours, peer] = fills;
    assert.equal(three, peer);
    assert.notEqual(ours, peer);
  });

  it('shows the given systems in their order, under the given title', () => {
    const texts = textsOf(renderChart(summarizeWith(), { systems: ['peer', 'durable'], title: 'Peers' }));
    assert.equal(texts[0], 'Peers');
    assert.ok(!texts.includes('three activities'));
    assert.ok(texts.indexOf('a peer') < texts.indexOf('ours'));
  });

  it('says what was not measured, and omits a load without measurements', () => {
    const samples = SAMPLES.filter(
      ({ system, inFlight }) => inFlight !== 1 && !(system === 'peer' && inFlight === 100),
    );
    const texts = textsOf(renderChart(summarizeWith({ samples })));
    assert.equal(texts.filter((text) => text === 'not measured').length, 1);
    assert.ok(!texts.some((text) => text.includes('latency')));
    const ofPeer = textsOf(renderChart(summarizeWith({ samples }), { systems: ['peer'] }));
    assert.ok(ofPeer.includes('20 sends in flight: throughput'));
    assert.ok(!ofPeer.includes('100 sends in flight: throughput'));
    assertWellFormed(renderChart(summarizeWith({ samples: [] })));
  });

  it('wraps a long label, and truncates it after its second line', () => {
    const label = `${'x'.repeat(80)} and yet more words behind it, and more, and more`;
    const systems = SYSTEMS.map((system) => (system.name === 'peer' ? { ...system, label } : system));
    const [first, second, ...others] = textsOf(
      renderChart(summarizeWith({ systems, samples: SAMPLES.filter(({ inFlight }) => inFlight === 20) })),
    ).filter((text) => /^x|yet|more/.test(text));
    assert.match(first!, /^x{20,34}…$/);
    assert.match(second!, /^and yet .*…$/);
    assert.deepEqual(others, []);
  });

  it('describes its figures in words', () => {
    assert.match(
      renderChart(summarizeWith()),
      /role="img" aria-labelledby="title desc"[^]*<desc id="desc">[^<]*20 sends in flight[^<]*ours: 20\.5\/s;/,
    );
  });

  it('says what was measured on, and when', () => {
    const texts = textsOf(renderChart(summarizeWith()));
    for (const text of [
      'Measured 2 rounds, with windows of 20 s, from 2026-03-04 05:06 to 2026-03-04 06:07 UTC.',
      'Some CPU, 4 cores, 8.0 GiB of memory, linux x64',
      'Node.js 20.19.0, Temporal server 1.29.1, PostgreSQL 18.1',
    ]) {
      assert.ok(texts.includes(text), text);
    }
  });

  it('keeps bars, whiskers and their figures within the card', () => {
    const samples = [
      makeSample({ system: 'peer', round: 0, sendsPerSecond: 9_876 }),
      makeSample({ system: 'peer', round: 1, sendsPerSecond: 1_234 }),
      makeSample({ sendsPerSecond: 0.01 }),
    ];
    const svg = renderChart(summarizeWith({ samples }));
    for (const [, x] of svg.matchAll(/<text x="([\d.]+)"/g)) assert.ok(Number(x) <= 924, x);
    const widths = [...svg.matchAll(/h([\d.]+)a[^"]*z"/g)].map(([, width]) => Number(width));
    assert.equal(widths.length, 2);
    for (const width of widths) assert.ok(width > 0 && width < 420, String(width));
  });
});
