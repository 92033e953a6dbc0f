import type { SmsOptions } from './sms-job.js';

/** Which phone and SIM of an account sends: '' for any of its phones. */
export function laneOf({ sendingPhoneId = '', simSlot }: SmsOptions = {}): string {
  return simSlot === undefined ? sendingPhoneId : `${sendingPhoneId}#${simSlot}`;
}
