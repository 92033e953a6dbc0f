import assert from 'node:assert/strict';
import { releaseChangelog } from '../../scripts/release/release-changelog.js';
import { readDocument } from '../docs/markdown.js';

const RELEASE = { version: '1.1.0', date: '2030-01-31' };
const HEAD = '# Changelog\n\nAbout it.\n';

describe('releaseChangelog', () => {
  it('moves the unreleased entries under the version, and keeps the released ones', () => {
    const { text, notes } = releaseChangelog(
      `${HEAD}\n## [Unreleased]\n\n### Added\n\n- A thing\n\n## [1.0.0] - 2029-12-31\n\n- The first\n`,
      RELEASE,
    );
    assert.equal(notes, '### Added\n\n- A thing');
    assert.equal(
      text,
      `${HEAD}\n## [Unreleased]\n\n## [1.1.0] - 2030-01-31\n\n### Added\n\n- A thing\n\n## [1.0.0] - 2029-12-31\n\n- The first\n`,
    );
  });

  it('creates the first section of a changelog', () => {
    const { text } = releaseChangelog(`${HEAD}\n## [Unreleased]\n\n- A thing\n`, RELEASE);
    assert.equal(text, `${HEAD}\n## [Unreleased]\n\n## [1.1.0] - 2030-01-31\n\n- A thing\n`);
  });

  it('returns a changelog that can be released again once it has a new entry', () => {
    const { text } = releaseChangelog(`${HEAD}\n## [Unreleased]\n\n- A thing\n`, RELEASE);
    const later = text.replace('## [Unreleased]\n', '## [Unreleased]\n\n- Another\n');
    const { notes } = releaseChangelog(later, { version: '1.2.0', date: '2030-02-01' });
    assert.equal(notes, '- Another');
  });

  for (const [what, changelog, reason] of [
    ['no section Unreleased', `${HEAD}\n## [1.0.0]\n\n- The first\n`, /exactly one section .*has 0/],
    ['two of them', `${HEAD}\n## [Unreleased]\n- a\n## [Unreleased]\n- b\n`, /has 2/],
    [
      'nothing in it',
      `${HEAD}\n## [Unreleased]\n\n## [1.0.0]\n\n- The first\n`,
      /lists nothing under Unreleased/,
    ],
    ['headings only', `${HEAD}\n## [Unreleased]\n\n### Added\n`, /lists nothing under Unreleased/],
    [
      'the version in it',
      `${HEAD}\n## [Unreleased]\n- a\n## [1.1.0] - 2029-01-01\n- b\n`,
      /has a section 1\.1\.0/,
    ],
  ] as const) {
    it(`refuses a changelog with ${what}`, () => {
      assert.throws(() => releaseChangelog(changelog, RELEASE), { name: 'ReleaseError', message: reason });
    });
  }

  it('accepts the changelog of this repository', () => {
    const changelog = readDocument('CHANGELOG.md').replace(
      '## [Unreleased]\n',
      '## [Unreleased]\n\n- A thing\n',
    );
    const { notes } = releaseChangelog(changelog, { version: '999.0.0', date: '2030-01-01' });
    assert.match(notes, /^- A thing/);
  });
});
