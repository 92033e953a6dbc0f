import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/run-node.js';

/** What typedoc writes, and git ignores. */
const GENERATED = join('docs', 'api');

/**
 * The documents, relative to the repository: the documents of its root, and all in these folders.
 */
export const DOCUMENTS: readonly string[] = [
  ...markdownIn('.', false),
  ...['docs', 'test', 'tools', '.github'].flatMap((folder) => markdownIn(folder, true)),
];

const FENCE = /^ *```\w*\n(.*?)^ *```/gms;

function markdownIn(folder: string, recursive: boolean): string[] {
  return readdirSync(join(ROOT, folder), { recursive, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name))
    .filter((path) => !path.startsWith(GENERATED))
    .toSorted();
}

/** The text of a document. */
export function readDocument(document: string): string {
  return readFileSync(join(ROOT, document), 'utf8');
}

/** The targets of a document's links, those in code left out. */
export function linksOf(text: string): string[] {
  const prose = text.replaceAll(FENCE, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}

/** The anchors that GitHub gives a document's headings. */
export function anchorsOf(text: string): string[] {
  return [...text.replaceAll(FENCE, '').matchAll(/^#+ +(.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/**
 * The cells of a document's table rows, without header rows; a `|` in a cell is written `\\|`.
 */
export function tableRowsOf(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| -'))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/**
 * The files and folders of the repository that a document names in code; those with a wildcard, and
 * sources elsewhere, left out.
 */
export function pathsOf(document: string): string[] {
  const [text = ''] = document.split('\n## Sources');
  const spans = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  const words = [...text.matchAll(FENCE)].flatMap(([, code = '']) => code.split(/\s/));
  return [...spans, ...words]
    .filter((code) => !code.startsWith(GENERATED))
    .filter((code) =>
      /^(?:src|tools|test|scripts|docs|ops|docker|examples|\.github|\.ci)\/[\w./-]+$/.test(code),
    );
}

/**
 * The commands of ours in a document's code, each without `npx durable-sms` and without what it is
 * piped into.
 */
export function smsCommandsOf(text: string): string[] {
  const lines = [...text.matchAll(FENCE)].flatMap(([, code = '']) => code.split('\n'));
  const spans = [...text.replaceAll(FENCE, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  return [...lines, ...spans].flatMap((code) => {
    const [, command] = /^ *(?:npx )?durable-sms ([a-z].*)$/.exec(code) ?? [];
    return command === undefined ? [] : [command.split(/ #|(?<!\\)\|/)[0]?.trim() ?? ''];
  });
}
