import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/, '');

/** The example app. */
export const APP_FOLDER = fileURLToPath(new URL('../../examples/web-app', import.meta.url));

/** Its Next.js, which runs with this process's Node.js. */
export const NEXT_COMMAND = join(APP_FOLDER, 'node_modules', 'next', 'dist', 'bin', 'next');
