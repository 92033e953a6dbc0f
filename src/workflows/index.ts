export { sendSmsWorkflow } from './send-sms.js';
