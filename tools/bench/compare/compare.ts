import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchOptions } from '../bench-options.js';
import { openClient } from '../open-client.js';
import { startTemporalParts, type BenchParts } from '../parts.js';
import { startPeers } from '../peers/peers.js';
import { renderChart } from '../report/render-chart.js';
import { renderMarkdown } from '../report/render-markdown.js';
import { renderTable } from '../report/render-table.js';
import { summarize } from '../report/summarize.js';
import { startDurable } from '../shapes/durable-system.js';
import type { Comparison } from '../results.js';
import type { BenchSystem } from '../system.js';
import { bundleShapes, SHAPES, startShape } from '../shapes/shape-system.js';
import { measureAndReport } from './measure-and-report.js';
import { warmUpSendsFor } from './warm-up.js';

const LOADS = [1, 20, 100];
/** A hundred at once take longer to begin and to end than a quick run has. */
const QUICK_LOADS = [1, 20];

/**
 * The comparison of shapes, or of peers: measures, prints the table, and writes figures and chart.
 */
export async function compare(parts: BenchParts, options: BenchOptions): Promise<void> {
  const { peers, quick, all, out } = options;
  const systems = peers ? await startWithPeers(parts) : await startShapes(parts, all);
  const plan = {
    systems,
    loads: quick ? QUICK_LOADS : LOADS,
    rounds: options.rounds ?? (quick ? 1 : 3),
    windowMs: quick ? 2_000 : 10_000,
    warmUpSends: warmUpSendsFor(options),
  };
  await measureAndReport(parts, plan, (results) => writeReport(results, { out, peers }));
}

/** What ours is compared with, unless more is requested. */
const MAIN_SHAPES = ['nothing', 'oneActivity', 'threeActivities'] as const;
const ALL_SHAPES = Object.keys(SHAPES) as (keyof typeof SHAPES)[];

async function startShapes(parts: BenchParts, all: boolean): Promise<BenchSystem[]> {
  const shared = await startShared(parts);
  const shapes: BenchSystem[] = [];
  for (const name of all ? ALL_SHAPES : MAIN_SHAPES) shapes.push(await startShape(name, shared));
  return [
    ...shapes,
    await startDurable(shared),
    await startDurable({ ...shared, shape: 'durablePlain' }),
    await startDurable({ ...shared, shape: 'durableMarketing' }),
  ];
}

async function startWithPeers(parts: BenchParts) {
  const shared = await startShared(parts);
  return [
    await startShape('threeActivities', shared),
    await startDurable(shared),
    ...(await startPeers(parts, parts.say)),
  ];
}

/** What every system on Temporal is started with. */
async function startShared(parts: BenchParts) {
  const temporal = await startTemporalParts(parts);
  const client = await openClient(parts, temporal.temporal.address);
  return { parts, temporal, client, bundlePath: await bundleShapes(parts) };
}

async function writeReport(
  results: Comparison,
  { out, peers }: { out: string; peers: boolean },
): Promise<void> {
  const summary = summarize(results);
  if (summary.figures.length === 0) {
    console.log('\nEnded before the first window was measured.');
    return;
  }
  console.log(`\n${renderTable(summary)}`);
  await mkdir(out, { recursive: true });
  const name = peers ? 'peers' : 'shapes';
  const title = peers
    ? 'The same send on other systems'
    : `One send on Temporal, in ${summary.systems.length === 6 ? 'six' : 'eight'} shapes`;
  await writeFile(join(out, `${name}.json`), `${JSON.stringify(results, undefined, 2)}\n`);
  await writeFile(join(out, `${name}.md`), renderMarkdown(summary));
  await writeFile(join(out, `${name}.svg`), renderChart(summary, { title }));
  console.log(`\nFigures and chart: ${out}/${name}.json, .md, .svg`);
}
