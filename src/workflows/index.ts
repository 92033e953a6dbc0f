export { auditSendWorkflow } from './audit-send.js';
export { claimMessageWorkflow } from './claim-message.js';
export { sendSmsWorkflow } from './send-sms.js';
// The name that runs are started by.
export { reconcileSendWorkflow as reconcileSendWorkflow } from './reconcile-send.js';
export { inboxWorkflow } from './inbox.js';
