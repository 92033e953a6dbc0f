import { formsOf, type Secret } from './secret-forms.js';

/** Where a secret was found, and as what; it does not repeat the secret. */
export interface Finding {
  readonly name: string;
  readonly kind: Secret['kind'];
  readonly form: string;
  /** Bytes before it. */
  readonly at: number;
}

/** Looks for secrets; to be kept where many places are searched for the same ones. */
export type Scanner = (haystack: Buffer | string) => Finding[];

interface Needle {
  readonly secret: Secret;
  readonly form: string;
  readonly bytes: Buffer;
}

/** What a needle is looked up by, in bytes; no form of a secret is shorter. */
const HEAD_BYTES = 4;

/** Finds each form of each secret in these bytes; a text counts as UTF-8. */
export function findSecrets(haystack: Buffer | string, secrets: readonly Secret[]): Finding[] {
  return createScanner(secrets)(haystack);
}

/** Prepares the search: however many forms there are, the bytes are gone through once. */
export function createScanner(secrets: readonly Secret[]): Scanner {
  const needles = new Map<number, Needle[]>();
  const mayBegin = new Uint8Array(65_536);
  for (const secret of secrets) {
    for (const { form, bytes } of formsOf(secret)) {
      if (bytes.length < HEAD_BYTES) throw new RangeError(`${secret.name} is too short to be looked for.`);
      const head = bytes.readUInt32BE();
      mayBegin[head >>> 16] = 1;
      needles.set(head, [...(needles.get(head) ?? []), { secret, form, bytes }]);
    }
  }
  return (haystack) => {
    const bytes = typeof haystack === 'string' ? Buffer.from(haystack) : haystack;
    const findings: Finding[] = [];
    for (let at = 0; at + HEAD_BYTES <= bytes.length; at++) {
      if (mayBegin[bytes.readUInt16BE(at)] === 0) continue;
      for (const { secret, form, bytes: wanted } of needles.get(bytes.readUInt32BE(at)) ?? []) {
        if (bytes.subarray(at, at + wanted.length).equals(wanted))
          findings.push({ name: secret.name, kind: secret.kind, form, at });
      }
    }
    return findings;
  };
}
