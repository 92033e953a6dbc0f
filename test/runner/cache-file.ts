import { join } from 'node:path';
import { ROOT } from '../support/run-node.js';

/** A file that makes the next run faster and that may be lost. */
export function cacheFile(name: string): string {
  return join(ROOT, 'node_modules', '.cache', 'durable-sms', name);
}
