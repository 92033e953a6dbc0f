import { Client, Connection } from '@temporalio/client';
import { createSmsClient } from '../../src/client.js';
import { cleanUpOnSignals, createCleanUp } from '../servers/clean-up.js';
import { readDevOptions } from './dev-options.js';
import { isolateEnvironment } from '../servers/isolated-environment.js';
import { followRun, type RunStep } from './follow-run.js';
import { startStack, type Stack } from './stack.js';

/** `npm run demo`: one SMS from a started workflow to a phone's inbox, on parts of its own. */
isolateEnvironment();
const options = readDevOptions('demo', 'Send one SMS on embedded services, show each step, and exit.');
const say = (line: string) => {
  console.log(`  ${line}`);
};
const cleanUp = createCleanUp((error) => {
  console.error(`  clean-up: ${String(error)}`);
});
cleanUpOnSignals(cleanUp);

try {
  console.log('Starting the services');
  let workerOutput = '';
  const stack = await startStack({
    cleanUp,
    say,
    temporalAddress: options.temporal,
    onWorkerOutput: (text) => {
      workerOutput += text;
    },
  });
  await sendOne(stack);
  if (/"level":[56]0/.test(workerOutput)) console.log(`\nThe worker's log:\n${workerOutput}`);
} catch (error) {
  console.error(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await cleanUp.run();
}

async function sendOne(stack: Stack): Promise<void> {
  const client = createSmsClient({
    connection: { address: stack.temporal.address },
    payloadKeys: stack.payloadKeys,
    taskQueue: stack.taskQueue,
  });
  cleanUp.add(client.close);
  const connection = await Connection.connect({ address: stack.temporal.address });
  cleanUp.add(() => connection.close());
  const temporal = new Client({ connection, namespace: stack.temporal.namespace });

  console.log('\nSending one SMS to 06 39 98 00 42');
  const sent = await client.send(
    {
      recipientPhone: '06 39 98 00 42',
      message: 'Bonjour, votre annonce m’intéresse. Est-elle toujours disponible ?',
      accountId: stack.accountId,
      metadata: { huntId: 'hunt-7', adId: 'ad-1234', leadId: 'lead-42' },
    },
    { idempotencyKey: 'lead-42' },
  );
  say(`workflow id  ${sent.workflowId}`);
  const steps: RunStep[] = [];
  for await (const step of followRun(temporal, sent.workflowId, sent.runId)) {
    steps.push(step);
    say(`event ${String(step.eventId).padStart(2)}     ${step.text}`);
  }
  const result = await sent.result();
  const { correlationIds } = await sent.status();
  const received = await stack.simulator.waitForMessage((message) => message.id === result.messageId, {
    timeoutMs: 60_000,
  });

  console.log('\nThe phone received');
  say(`to           ${received.recipient}`);
  say(`text         ${received.text}`);
  say(`at           ${received.at}`);

  console.log('\nThe run');
  say(`result       ${JSON.stringify(result)}`);
  say(`memo         ${JSON.stringify(correlationIds)}`);
  const activities = steps.flatMap(({ activity }) => (activity === undefined ? [] : [activity]));
  say(`activities   ${activities.map(({ name, local }) => `${name}${local ? ' (local)' : ''}`).join(' → ')}`);
  if (stack.temporal.uiUrl !== undefined) {
    say(
      `Web UI       ${stack.temporal.uiUrl}/namespaces/${stack.temporal.namespace}/workflows/${sent.workflowId}`,
    );
  }
  console.log('\nDone. The services are stopped. To keep them running and look around: npm run dev');
}
