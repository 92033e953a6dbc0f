import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

/** Under which Debian, and others, have it on the PATH. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** Read before the environment is emptied. */
const isRequired = process.env['CI_CHROMIUM'] === 'required';

/**
 * Starts a headless Chromium, Playwright's own or the first on the PATH; undefined where there is
 * none, and a sentence on standard error says so, and what it is needed for.
 *
 * @throws Error where there is none and CI_CHROMIUM=required
 */
export async function startBrowser(
  purpose = 'to see the Web UI as operators do',
): Promise<Browser | undefined> {
  const executablePath = candidates().find((path) => existsSync(path));
  if (executablePath !== undefined) {
    // As root, Chromium has no sandbox; the pages are our own.
    return await chromium.launch({ executablePath, args: ['--no-sandbox'], timeout: 120_000 });
  }
  const sentence = `There is no Chromium (${NAMES.join(', ')}) on the PATH: install it (Debian: apt-get install chromium)`;
  if (isRequired) throw new Error(`CI_CHROMIUM=required. ${sentence}.`);
  process.stderr.write(`      skipped: ${sentence} ${purpose}\n`);
  return undefined;
}

function candidates(): string[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return [chromium.executablePath(), ...folders.flatMap((folder) => NAMES.map((name) => join(folder, name)))];
}
