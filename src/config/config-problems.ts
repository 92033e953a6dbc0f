import { parsePayloadKeys, PAYLOAD_KEYS_FORM } from '../encryption/payload-keys.js';
import { isHexKey } from '../encryption/secret-key.js';
import type { Environment } from './environment.js';

// What two variables say together; what one may hold alone is in `config-forms.ts`.

/**
 * Node would print the address of each request, and the provider's list of sent messages takes the
 * API key in its address.
 */
export function problemsOfNodeDebug({ NODE_DEBUG = '' }: Environment): string[] {
  return /fetch|undici|\*/i.test(NODE_DEBUG)
    ? ['NODE_DEBUG: must not include fetch or undici, which make Node.js print API keys']
    : [];
}

/** One without the other is a mistake: the worker would quietly run unpinned. */
export function problemsOfDeployment(present: Environment): string[] {
  const names = ['SMS_WORKER_DEPLOYMENT', 'SMS_WORKER_BUILD_ID'];
  const missing = names.filter((name) => present[name] === undefined);
  return missing.length === 1
    ? missing.map((name) => `${name}: required because the other of ${names.join(' and ')} is set`)
    : [];
}

/** Payload keys that are missing or not of the form. */
export function problemsOfPayloadKeys(present: Environment): string[] {
  const problem = problemOfPayloadKeys(present);
  return problem === undefined ? [] : [`SMS_PAYLOAD_KEYS: ${problem}`];
}

/** The key before must be another one. */
export function problemsOfSameKeys(present: Environment): string[] {
  const { SMS_API_KEY_ENCRYPTION_KEY: key = '', SMS_API_KEY_ENCRYPTION_KEY_PREVIOUS: previous } = present;
  return isHexKey(key) && key.toLowerCase() === previous?.toLowerCase()
    ? ['SMS_API_KEY_ENCRYPTION_KEY_PREVIOUS: must differ from SMS_API_KEY_ENCRYPTION_KEY']
    : [];
}

/** With encryption off, every run of our own client would be refused. */
export function problemsOfRequireEncrypted(present: Environment): string[] {
  return present['SMS_REQUIRE_ENCRYPTED'] === 'on' && present['SMS_PAYLOAD_ENCRYPTION'] === 'off'
    ? [
        'SMS_REQUIRE_ENCRYPTED: on requires payload encryption; remove SMS_PAYLOAD_ENCRYPTION, or set it to on',
      ]
    : [];
}

function problemOfPayloadKeys(values: Environment): string | undefined {
  if (values['SMS_PAYLOAD_ENCRYPTION'] === 'off') return undefined;
  if (values['SMS_PAYLOAD_KEYS'] === undefined) {
    return `required unless SMS_PAYLOAD_ENCRYPTION=off: ${PAYLOAD_KEYS_FORM}`;
  }
  try {
    parsePayloadKeys(values['SMS_PAYLOAD_KEYS']);
    return undefined;
  } catch (error) {
    return (error as RangeError).message;
  }
}
