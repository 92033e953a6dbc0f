import { mapConcurrently } from '../../src/domain/map-concurrently.js';
import { collectQueries } from './collect.js';
import { statusIs, type ScenarioContext } from './scenarios.js';
import type { Trail } from './trail.js';

/** What operators do about sends of theirs, through `sms` and as the documentation says it. */
export async function operate(context: ScenarioContext, trail: Trail): Promise<void> {
  const { world, job, echo, echoLog, send } = context;
  const { sms, smsWithin } = world;
  const metadata = { huntId: 'hunt-7', leadId: 'lead-42' };
  const started = await sms(['send', '--job', '-', '--wait'], JSON.stringify(job({ metadata })));
  const [sentId = ''] = started.stdout.split('\n');

  // Held, as neither a request nor the log is answered well.
  echo('page with a 502');
  echoLog('page with a 403');
  const heldId = await send(job({ metadata, options: { unknownChecksMs: [200, 1_000], maxResends: 0 } }));
  await statusIs(context, heldId, 'held');
  await collectQueries(world, trail, heldId);
  const commands: readonly (() => Promise<unknown>)[] = [
    () => smsWithin(['status', sentId]),
    () => smsWithin(['status', heldId, '--json']),
    () => smsWithin(['list', '--hunt', 'hunt-7']),
    () => smsWithin(['list', '--all', '--json']),
    () => smsWithin(['watch', sentId, '--json']),
    () => smsWithin(['retry', heldId, '--dry-run']),
    () => smsWithin(['audit']),
    () => smsWithin(['audit', '--json']),
    () => sms(['send', '--job', '-', '--json'], JSON.stringify({ ...job(), [job().message]: 1 })),
    () => sms(['send', '--job', '-'], JSON.stringify(job()).slice(0, -1)),
    () => sms(['send', '--job', '-'], JSON.stringify(job()), { TEMPORAL_ADDRESS: '127.0.0.1:1' }),
    () => sms(['status', sentId], '', { SMS_PAYLOAD_KEYS: `other:${'0d'.repeat(32)}` }),
  ];
  await mapConcurrently(commands, 3, (run) => run());
  await smsWithin(['resolve', heldId, '--abandon', '--json']);
  await world.call('result', [heldId]);
  await smsWithin(['retry', heldId, '--dry-run', '--json']);
}
