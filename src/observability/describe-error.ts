import { PayloadError } from '../domain/payload-error.js';

/**
 * An error as a log may show it. Its message may quote what it stumbled over; its type, our code
 * and the place in the code do not.
 */
export function describeError(error: Error): Record<string, unknown> {
  // It names the key that is missing, and nothing else.
  if (error instanceof PayloadError) return { type: error.name, message: error.message };
  const type = 'type' in error && typeof error.type === 'string' ? error.type : error.name;
  const stack = error.stack ?? '';
  const afterMessage = stack.slice(stack.indexOf(error.message) + error.message.length);
  const at = stack.includes(error.message)
    ? afterMessage.split('\n').filter((line) => /^\s+at /.test(line))
    : [];
  return { type, at: at.slice(0, 5).map((line) => line.trim()) };
}
