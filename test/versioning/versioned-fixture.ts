import { randomUUID } from 'node:crypto';
import { execa } from 'execa';
import { childEnvironment } from '../../tools/servers/isolated-environment.js';
import { findTemporalCli } from '../../tools/servers/temporal-cli.js';
import { HopelessError, waitUntil } from '../../tools/servers/wait-until.js';
import { temporalEnvironment } from '../support/cli.js';
import { fetchHistory } from '../support/run-history.js';
import { createSendFixture, type FixtureOptions, type SendFixture } from '../support/send-fixture.js';
import { startWorker, workerEnvironment, type RunningWorker } from '../support/worker-environment.js';

/** Sends whose workers are processes of several builds, as in a rollout. */
export interface VersionedFixture extends SendFixture {
  readonly deployment: string;
  /** Starts a worker of that build and waits until Temporal knows the build. */
  readonly startBuild: (buildId: string) => Promise<RunningWorker>;
  /** A worker without a build. */
  readonly startUnversioned: () => Promise<RunningWorker>;
  /** `temporal worker deployment set-current-version`, as in docs/versioning.md. */
  readonly setCurrent: (buildId: string) => Promise<void>;
  readonly describeBuild: (
    buildId: string,
  ) => Promise<{ readonly drainageInfo?: { readonly drainageStatus: string } }>;
  /** `temporal …` on the shared server, its JSON output parsed. */
  readonly cli: (args: readonly string[]) => Promise<unknown>;
  /** The builds that completed the workflow tasks of a run, each once, in order; `-` for none. */
  readonly buildsOf: (workflowId: string) => Promise<string[]>;
}

/** Sets everything up; no worker runs yet. */
export async function createVersionedFixture(options: FixtureOptions = {}): Promise<VersionedFixture> {
  const fixture = await createSendFixture({ ...options, worker: false });
  const deployment = `sms-${randomUUID()}`;
  const workers: RunningWorker[] = [];
  const command = await findTemporalCli(() => undefined);

  async function cli(args: readonly string[]): Promise<unknown> {
    const { stdout } = await execa(command, [...args, '--output', 'json'], {
      env: childEnvironment(await temporalEnvironment()),
      extendEnv: false,
      input: '',
    });
    return stdout === '' ? undefined : (JSON.parse(stdout) as unknown);
  }

  async function start(further: Record<string, string>): Promise<RunningWorker> {
    const worker = await startWorker(await workerEnvironment(fixture, further));
    workers.push(worker);
    return worker;
  }

  const inDeployment = (buildId: string) => ['--deployment-name', deployment, '--build-id', buildId];
  const describeBuild = (buildId: string) =>
    cli(['worker', 'deployment', 'describe-version', ...inDeployment(buildId)]) as ReturnType<
      VersionedFixture['describeBuild']
    >;
  return {
    ...fixture,
    deployment,
    cli,
    describeBuild,
    async startBuild(buildId) {
      const worker = await start({ SMS_WORKER_DEPLOYMENT: deployment, SMS_WORKER_BUILD_ID: buildId });
      await waitUntil(`build ${buildId} to be known`, async () => {
        if (worker.process.child.exitCode !== null) throw new HopelessError(worker.output());
        await describeBuild(buildId);
        return true;
      });
      return worker;
    },
    startUnversioned: () => start({}),
    async setCurrent(buildId) {
      // It is refused while not every task queue of the version before is polled by the new one.
      await waitUntil(`build ${buildId} to be current`, async () => {
        await cli(['worker', 'deployment', 'set-current-version', '--yes', ...inDeployment(buildId)]);
        return true;
      });
    },
    async buildsOf(workflowId) {
      const { events } = await fetchHistory(fixture.temporal, workflowId);
      const builds = (events ?? []).flatMap(({ workflowTaskCompletedEventAttributes: completed }) =>
        completed ? [completed.deploymentVersion?.buildId ?? '-'] : [],
      );
      return [...new Set(builds)];
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.stop()));
      await fixture.close();
    },
  };
}
