import { writeFile } from 'node:fs/promises';
import { cleanUpOnSignals, createCleanUp } from '../servers/clean-up.js';
import { isolateEnvironment } from '../servers/isolated-environment.js';
import { startBullmq } from './bullmq/start-bullmq.js';
import { readChaosOptions } from './chaos-options.js';
import { startDurable } from './durable/start-durable.js';
import { MissingServerError } from '../servers/missing-server-error.js';
import { omitUndefined } from '../../src/domain/omit-undefined.js';
import { followingMode } from './following/following-mode.js';
import type { StartMode } from './mode.js';
import { makePlan, type ChaosPlan } from './plan/plan.js';
import { makePlanWithFollowing } from './plan/plan-with-following.js';
import { makePlanWithPolicies } from './plan/plan-with-policies.js';
import { OPT_OUT_REPLY } from './plan/policy-plan.js';
import { policiesMode } from './policies/policies-mode.js';
import { renderProgress, showProgress } from './report/chaos-progress.js';
import { renderReport } from './report/render-report.js';
import type { CommonParts } from './parts.js';
import { startChaos } from './run-chaos.js';

/**
 * `npm run chaos`: the service under fire, on parts of its own, judged by what the phones received.
 */
isolateEnvironment();
const options = readChaosOptions();
const say = (line: string) => {
  console.log(`  ${line}`);
};
const cleanUp = createCleanUp((error) => {
  console.error(`  clean-up: ${String(error)}`);
});
cleanUpOnSignals(cleanUp);
const state = { isOver: false };

try {
  const { seed, lateRows } = options;
  const mode = options.policies ? ' --policies' : options.follow ? ' --follow' : '';
  console.log(`Seed ${seed}. To repeat this plan: --sends ${options.sends} --seed ${seed}${mode}`);
  const { plan, startMode } = choosePlan(options);
  console.log('Starting the services');
  const startSystem =
    options.peer === 'bullmq'
      ? startBullmq
      : (common: CommonParts) =>
          startDurable(common, {
            server: options.server,
            optOutReply: options.policies ? OPT_OUT_REPLY : undefined,
          });
  const run = await startChaos({
    plan,
    lateRows,
    startSystem,
    ...omitUndefined({ startMode }),
    cleanUp,
    say,
  });
  cleanUp.add(() => {
    if (!state.isOver) console.log(`\nEnded early:\n  ${renderProgress(run.progress())}`);
  });

  console.log(`\n${plan.sends.length} sends, ${plan.processFaults.length} process faults`);
  const stopShowing = showProgress(say, run.progress);
  cleanUp.add(stopShowing);
  const report = await run.report;
  state.isOver = true;
  stopShowing();

  console.log(`\n${renderReport(report, plan.sends)}`);
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, undefined, 2)}\n`);
  // A peer is only looked at; what counts is whether our own promises held.
  if (report.isBroken && options.peer === undefined) process.exitCode = 1;
} catch (error) {
  if (!cleanUp.hasBegun()) {
    const isMissing = error instanceof MissingServerError;
    const message = error instanceof Error ? error.message : String(error);
    console.error(`
${isMissing ? message : `The run failed: ${message}`}`);
    process.exitCode = isMissing ? 2 : 1;
  }
} finally {
  await cleanUp.run();
}

/** What goes wrong, and what the run is about besides sending. */
function choosePlan(wanted: typeof options): { plan: ChaosPlan; startMode?: StartMode } {
  if (wanted.policies) {
    const plan = makePlanWithPolicies(wanted);
    return { plan, startMode: policiesMode(plan) };
  }
  if (wanted.follow) {
    const plan = makePlanWithFollowing(wanted);
    return { plan, startMode: followingMode(plan) };
  }
  return { plan: makePlan(wanted) };
}
