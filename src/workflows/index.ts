export { auditSendWorkflow } from './audit-send.js';
export { claimMessageWorkflow } from './claim-message.js';
export { sendSmsWorkflow } from './send-sms.js';
export { settleSendWorkflow } from './settle-send.js';
