import { ReleaseError } from './release-error.js';

/** Which part of a version a release raises. */
const PARTS = ['major', 'minor', 'patch'] as const;

type Version = readonly [major: number, minor: number, patch: number];

/**
 * The version to release.
 *
 * @param current the version of package.json
 * @param wanted a version, or the part to raise: `major`, `minor`, `patch`
 * @param tags the tags of the repository, `v1.2.3`
 * @throws ReleaseError for what is not a version, a version below the current one, or one that is
 *   tagged
 */
export function nextVersion(current: string, wanted: string, tags: readonly string[]): string {
  const from = parseVersion(current);
  if (from === undefined) {
    throw new ReleaseError(
      `package.json has the version "${current}". Set it to three numbers, such as 1.2.3.`,
    );
  }
  const to = raise(from, wanted) ?? parseVersion(wanted);
  if (to === undefined) {
    throw new ReleaseError(
      `"${wanted}" is not a version. Pass ${PARTS.join(', ')} or three numbers, such as 1.2.3.`,
    );
  }
  const version = to.join('.');
  if (compareVersions(to, from) < 0) {
    throw new ReleaseError(`${version} is below the current version ${current}. Pass a higher one.`);
  }
  if (tags.includes(tagOf(version))) {
    throw new ReleaseError(`The tag ${tagOf(version)} exists already. Pass a higher version.`);
  }
  return version;
}

/** The tag of a version. */
export function tagOf(version: string): string {
  return `v${version}`;
}

function parseVersion(text: string): Version | undefined {
  const match = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/.exec(text);
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3])];
}

function raise([major, minor, patch]: Version, part: string): Version | undefined {
  if (part === 'major') return [major + 1, 0, 0];
  if (part === 'minor') return [major, minor + 1, 0];
  if (part === 'patch') return [major, minor, patch + 1];
  return undefined;
}

function compareVersions(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
