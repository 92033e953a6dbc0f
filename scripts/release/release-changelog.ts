import { ReleaseError } from './release-error.js';

const UNRELEASED = '## [Unreleased]';

/** A changelog with a new section, and what that section says. */
export interface ReleasedChangelog {
  readonly text: string;
  readonly notes: string;
}

/**
 * Moves what is unreleased under the heading of a version; the section Unreleased stays, empty.
 *
 * @param date of the release, `YYYY-MM-DD`
 * @throws ReleaseError without exactly one section Unreleased, without an entry in it, or with a
 *   section of that version
 */
export function releaseChangelog(
  changelog: string,
  release: { version: string; date: string },
): ReleasedChangelog {
  const { version, date } = release;
  const lines = changelog.split('\n');
  const headings = lines.flatMap((line, index) => (line.startsWith('## ') ? [index] : []));
  const unreleased = headings.filter((index) => lines[index]?.trim() === UNRELEASED);
  const [start] = unreleased;
  if (start === undefined || unreleased.length > 1) {
    throw new ReleaseError(
      `CHANGELOG.md needs exactly one section "${UNRELEASED}", and has ${unreleased.length}.`,
    );
  }
  if (headings.some((index) => lines[index]?.startsWith(`## [${version}]`))) {
    throw new ReleaseError(`CHANGELOG.md has a section ${version} already. Pass a higher version.`);
  }
  const end = headings.find((index) => index > start) ?? lines.length;
  const notes = lines
    .slice(start + 1, end)
    .join('\n')
    .trim();
  if (!/^[-*] /m.test(notes)) {
    throw new ReleaseError(
      'CHANGELOG.md lists nothing under Unreleased. Add a line for each change that users notice.',
    );
  }
  const rest = lines.slice(end).join('\n');
  const before = lines.slice(0, start).join('\n');
  const text = `${before}\n${UNRELEASED}\n\n## [${version}] - ${date}\n\n${notes}\n${rest === '' ? '' : `\n${rest}`}`;
  return { text, notes };
}
