import { randomBytes, randomInt } from 'node:crypto';
import { readMagicNumber } from '../../tools/simulator/magic-number.js';
import type { Secret } from './secret-forms.js';

/** The secrets of one scenario, which no other scenario has. */
export interface ScenarioSecrets {
  readonly apiKey: string;
  /** E.164. */
  readonly recipientPhone: string;
  readonly message: string;
  readonly all: readonly Secret[];
}

const LETTERS = 'bcdfghjklmnpqrstvwxz';

/** A word that nobody else writes. */
export function unusualWord(): string {
  return Array.from({ length: 10 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}

/**
 * Makes secrets for one scenario after the other, no number twice; `name` is how a report calls
 * them.
 */
export function createSecretMaker(): (name: string) => ScenarioSecrets {
  const taken = new Set<string>();
  return (name) => {
    const apiKey = randomBytes(30).toString('base64url');
    const recipientPhone = freeNumber(taken);
    // With all that one of the forms writes otherwise than another.
    const message = `Bonjour ${unusualWord()}, l'été à 100 % : <${unusualWord()}> & "${unusualWord()}" + 1/2 ?`;
    return {
      apiKey,
      recipientPhone,
      message,
      all: [
        { name: `key of ${name}`, kind: 'key', value: apiKey },
        { name: `number of ${name}`, kind: 'number', value: recipientPhone },
        { name: `text of ${name}`, kind: 'text', value: message },
      ],
    };
  };
}

/**
 * A number of the range that ARCEP keeps for fiction, of which the simulator makes no more than of
 * any other.
 */
function freeNumber(taken: Set<string>): string {
  for (;;) {
    const number = `+3363998${String(randomInt(10_000)).padStart(4, '0')}`;
    if (taken.has(number) || readMagicNumber(number) !== undefined) continue;
    taken.add(number);
    return number;
  }
}
