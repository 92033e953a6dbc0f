import assert from 'node:assert/strict';
import { dropDeadLinks } from '../../scripts/pack/drop-dead-links.js';

describe('a document in a tarball', () => {
  const files = new Set(['README.md', 'docs/client.md', 'docs/errors.md']);
  for (const [name, text, expected] of [
    [
      'keeps a link to a file of the tarball',
      'See [errors](errors.md#codes).',
      'See [errors](errors.md#codes).',
    ],
    ['keeps a link upwards', '[README](../README.md)', '[README](../README.md)'],
    ['keeps a link to the web', '[npm](https://docs.npmjs.com/)', '[npm](https://docs.npmjs.com/)'],
    ['keeps a link within itself', '[above](#send)', '[above](#send)'],
    ['keeps the text of any other link', 'See [the `code`](../src/client.ts).', 'See the `code`.'],
    ['keeps a text of two lines', '[two\nlines](../ARCHITECTURE.md)', 'two\nlines'],
    ['drops an image', 'A ![screenshot](images/a.png)page.', 'A page.'],
  ] as const) {
    it(name, () => {
      assert.equal(dropDeadLinks(text, { place: 'docs/client.md', files }), expected);
    });
  }
});
