import { dirname, join, normalize } from 'node:path';

/** A link or an image of Markdown: its mark, its text, its target. */
const LINK = /(!?)\[([^\]]*)\]\(([^)\s]+)\)/g;

/**
 * A document as a tarball holds it: a link to a file that is not in the tarball becomes its text,
 * and an image is taken out.
 *
 * @param place where the document lies in the tarball
 * @param files every file of the tarball
 */
export function dropDeadLinks(
  text: string,
  { place, files }: { readonly place: string; readonly files: ReadonlySet<string> },
): string {
  return text.replaceAll(LINK, (link, mark: string, name: string, target: string) => {
    const [path = ''] = target.split('#');
    const isAlive =
      /^[a-z]+:/.test(target) || path === '' || files.has(normalize(join(dirname(place), path)));
    if (isAlive) return link;
    return mark === '' ? name : '';
  });
}
