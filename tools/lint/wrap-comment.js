/** What starts a paragraph of its own. */
const START = /^(?:@\w|[-*] |\d+\. )/;

/** A word, or what must not be broken. */
const WORD = /\{@\w+ [^}]*\}\S*|`[^`]*`\S*|\S+/g;

/** Comments for tools. */
const DIRECTIVE = /^\s*(?:eslint|@ts-|prettier-|c8 |<reference)/;

/** Wraps the lines of a block comment that begins at `column`. */
export function wrapBlock(lines, column, width) {
  const indent = ' '.repeat(column);
  const text = lines.join('\n').slice(column);
  if (!text.startsWith('/**')) return lines;
  const content = text
    .slice(3, -2)
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd());
  if (content.length === 1) content[0] = content[0].trim();
  while (content[0] === '') content.shift();
  while (content.at(-1)?.trim() === '') content.pop();
  const wrapped = wrap(content, width - column - ' * '.length);
  return [`${indent}/**`, ...wrapped.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`];
}

/** Wraps line comments that stand below each other at `column`. */
export function wrapLines(lines, column, width) {
  const indent = ' '.repeat(column);
  const content = lines.map((line) => line.slice(column).replace(/^\/\/ ?/, ''));
  if (content.some((line) => DIRECTIVE.test(line))) return lines;
  return wrap(content, width - column - '// '.length).map((line) => `${indent}// ${line}`.trimEnd());
}

/** Wraps the paragraphs that are too wide; code and examples stay as they are. */
function wrap(lines, width) {
  const result = [];
  let paragraph = [];
  let isCode = false;
  const end = () => {
    if (paragraph.some((line) => line.length > width)) result.push(...fill(paragraph.join(' '), width));
    else result.push(...paragraph);
    paragraph = [];
  };
  for (const line of lines) {
    const isFence = line.trimStart().startsWith('```');
    if (line.trim() === '' || isFence || START.test(line)) end();
    if (line.startsWith('@')) isCode = line.startsWith('@example');
    if (isFence || isCode || line.trim() === '') result.push(line);
    else paragraph.push(line);
    if (isFence) isCode = !isCode;
  }
  end();
  return result;
}

/** Fills lines with the words of a paragraph; what follows a tag or a bullet is indented. */
function fill(text, width) {
  const hang = START.test(text) ? '  ' : '';
  const lines = [];
  let line = '';
  for (const word of text.match(WORD) ?? []) {
    // At the start of a line these would be read as a tag or a bullet.
    const mustFollow = /^(?:@|[-*]$|\d+\.$)/.test(word);
    if (line === '') line = word;
    else if (line.length + 1 + word.length <= width || mustFollow) line += ` ${word}`;
    else {
      lines.push(line);
      line = `${hang}${word}`;
    }
  }
  return [...lines, line];
}
