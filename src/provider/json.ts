import { writeExactNumbers } from './exact-numbers.js';

/**
 * The value of a JSON text, undefined if it is none. A number that JavaScript cannot hold exactly
 * comes as a string of its digits: an id beyond 2^53 would be another message's id.
 */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    const exact = writeExactNumbers(text);
    return exact === text ? value : JSON.parse(exact);
  } catch {
    return undefined;
  }
}
