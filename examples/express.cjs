const express = require('express');
const { createSmsClient, SmsError } = require('durable-sms');

const { TEMPORAL_ADDRESS: address, SMS_PAYLOAD_KEYS: payloadKeys, SMS_TASK_QUEUE: taskQueue } = process.env;
const sms = createSmsClient({ connection: { address }, payloadKeys, taskQueue }); // one per process
const accountId = process.env.ACCOUNT_ID; // yours comes from the session, never from the request

const app = express().use(express.json());
app.post(
  '/leads/:leadId/sms',
  async ({ params: { leadId }, body: { recipientPhone, message } }, response) => {
    const job = { recipientPhone, message, accountId, metadata: { leadId } };
    await sms.send(job, { idempotencyKey: `lead-${leadId}` }); // a repeated request is the same send
    response.status(202).end();
  },
);
app.get('/leads/:leadId/sms', async ({ params: { leadId } }, response) => {
  response.json(await sms.get(`sms-${accountId}-lead-${leadId}`).status());
});
app.use((error, _request, response, next) => {
  if (!(error instanceof SmsError)) return next(error);
  response.status(error.code === 'TEMPORAL_UNAVAILABLE' ? 503 : 400).json({ code: error.code });
});
app.listen(process.env.PORT);
