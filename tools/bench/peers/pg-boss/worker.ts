import PgBoss from 'pg-boss';
import { createShapeActivities } from '../../shapes/activities.js';
import { endOnSigterm } from '../end-on-sigterm.js';
import { readPeerWorkerOptions } from '../peer-worker-options.js';
import { sendSms } from '../send-sms.js';
import { QUEUE_NAME, WORK_OPTIONS, WORKERS, type QueueJob } from './queue.js';

/** The process of pg-boss's workers. */
const { storeUrl, activities: options } = readPeerWorkerOptions();
const activities = createShapeActivities(options);
const boss = new PgBoss({ connectionString: storeUrl });
boss.on('error', () => undefined);
await boss.start();
for (let count = 0; count < WORKERS; count += 1) {
  await boss.work<QueueJob>(QUEUE_NAME, WORK_OPTIONS, async (jobs) => {
    const ends = await Promise.allSettled(jobs.map(({ data }) => sendSms(activities, data)));
    // By itself, a batch fails as a whole, and the SMS of it that were sent would be sent again.
    for (const [index, end] of ends.entries()) {
      const id = jobs[index]?.id;
      if (id !== undefined && end.status === 'rejected') {
        await boss.fail(QUEUE_NAME, id, { message: String(end.reason) });
      }
    }
  });
}
endOnSigterm(() => boss.stop());
process.stdout.write('{"msg":"worker started"}\n');
