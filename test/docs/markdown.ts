import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/run-node.js';

/** The documents that link to each other and name commands, relative to the repository. */
export const DOCUMENTS = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
] as const;

const FENCE = /^ *```\w*\n(.*?)^ *```/gms;

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

/** The commands of ours in a document's code, each without `npx durable-sms` and without what it is piped into. */
export function smsCommandsOf(text: string): string[] {
  const lines = [...text.matchAll(FENCE)].flatMap(([, code = '']) => code.split('\n'));
  const spans = [...text.replaceAll(FENCE, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  return [...lines, ...spans].flatMap((code) => {
    const [, command] = /^ *(?:npx )?durable-sms ([a-z].*)$/.exec(code) ?? [];
    return command === undefined ? [] : [command.split(/ #|(?<!\\)\|/)[0]?.trim() ?? ''];
  });
}
