import { Queue, type Job } from 'bullmq';
import { QUEUE_NAME, RETRIES } from '../../bullmq/sms-queue.js';
import type { CleanUp } from '../../servers/clean-up.js';
import type { RunEnd, RunReport } from '../verify/run-report.js';
import type { SystemUnderFire } from '../system.js';
import type { SmsJobData, SmsJobResult } from './send-sms.js';

type SmsQueueJob = Job<SmsJobData, SmsJobResult>;

/** The queue that this service replaces, as a web app with two servers sees it. */
export function createBullmqSystem(options: {
  redisUrl: string;
  /** In clear, of each account of the plan. */
  apiKeys: readonly string[];
  parts: Pick<SystemUnderFire, 'broker' | 'startWorker'>;
  cleanUp: CleanUp;
}): SystemUnderFire {
  const { redisUrl, apiKeys, parts, cleanUp } = options;
  const createServer = () => {
    const queue = new Queue<SmsJobData, SmsJobResult>(QUEUE_NAME, {
      connection: { url: redisUrl },
    });
    queue.on('error', () => undefined);
    cleanUp.add(() => queue.disconnect());
    return queue;
  };
  const servers = [createServer(), createServer()] as const;
  const [queue] = servers;
  /** Jobs whose removal was requested: removing is how such a job is cancelled. */
  const removed = new Set<string>();

  return {
    name: 'BullMQ',
    brokerName: 'Redis',
    ...parts,
    database: undefined,
    submit: ({ key, account, recipient, message }, server) =>
      unlessUnavailable(() =>
        servers[server].add(
          'send',
          { apiKey: apiKeys[account] ?? '', recipient, message },
          { ...RETRIES, jobId: key },
        ),
      ),
    cancel: ({ key }) =>
      unlessUnavailable(async () => {
        const job = (await queue.getJob(key)) as SmsQueueJob | undefined;
        // One that is being worked on cannot be removed, and one that has ended is left: both go on
        // as if nothing was asked.
        if (job === undefined || !((await job.isWaiting()) || (await job.isDelayed()))) return;
        // Before it is: the answer may get lost.
        removed.add(key);
        await job.remove();
      }),
    async listOpen() {
      const jobs = await queue.getJobs(['active', 'waiting', 'delayed', 'prioritized', 'waiting-children']);
      return jobs.flatMap(({ id }) => (id === undefined ? [] : [{ key: id, held: false }]));
    },
    async report(send): Promise<RunReport> {
      const job = (await queue.getJob(send.key)) as SmsQueueJob | undefined;
      return {
        key: send.key,
        end: await readEnd(job, removed.has(send.key)),
        closedAtMs: job?.finishedOn,
        unknownOutcomes: 0,
        resends: 0,
        reconciledByList: false,
        holds: [],
        stuckOn: undefined,
      };
    },
    audit: () => Promise.resolve(new Set()),
    resolve: () => Promise.reject(new Error('BullMQ does not hold jobs for a person to decide.')),
  };
}

async function readEnd(job: SmsQueueJob | undefined, wasRemoved: boolean): Promise<RunEnd> {
  if (job === undefined) return wasRemoved ? { kind: 'cancelled', maybeSent: false } : { kind: 'vanished' };
  if (await job.isCompleted()) {
    return { kind: 'sent', messageId: job.returnvalue.messageId, saidDuplicate: false };
  }
  return (await job.isFailed())
    ? { kind: 'failed', code: nameReason(job), maybeSent: false }
    : { kind: 'open' };
}

/** The reason without what differs from job to job. */
function nameReason({ failedReason }: SmsQueueJob): string {
  return failedReason.replace(/^Request failed with status code /, 'HTTP ');
}

async function unlessUnavailable(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch {
    return false;
  }
}
