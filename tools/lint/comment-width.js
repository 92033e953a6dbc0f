import { wrapBlock, wrapLines } from './wrap-comment.js';

/** The last column that a comment may fill. */
const WIDTH = 100;

/** Keeps comments within 100 columns, and wraps those that are not. */
export const commentWidth = {
  meta: {
    type: 'layout',
    fixable: 'whitespace',
    schema: [],
    messages: { wide: `A comment ends at column ${WIDTH}.` },
  },
  create(context) {
    const { sourceCode } = context;
    const isAlone = ({ loc, range }) =>
      sourceCode.text.slice(range[0] - loc.start.column, range[0]).trim() === '';
    const check = (comments, wrap) => {
      const [first] = comments;
      const last = comments.at(-1);
      const lines = sourceCode.lines.slice(first.loc.start.line - 1, last.loc.end.line);
      // Only a word that is longer than the line, such as an address, may go beyond.
      const wrapped = isAlone(first) ? wrap(lines, first.loc.start.column) : undefined;
      const isWide = lines.some((line) => line.length > WIDTH);
      if (!isWide || wrapped?.join('\n') === lines.join('\n')) return;
      context.report({
        loc: { start: first.loc.start, end: last.loc.end },
        messageId: 'wide',
        fix: (fixer) =>
          wrapped === undefined || last.loc.end.column !== lines.at(-1).length
            ? null
            : fixer.replaceTextRange(
                [first.range[0], last.range[1]],
                wrapped.join('\n').slice(first.loc.start.column),
              ),
      });
    };
    return {
      Program() {
        let group = [];
        const endGroup = () => {
          if (group.length > 0) check(group, (lines, column) => wrapLines(lines, column, WIDTH));
          group = [];
        };
        for (const comment of sourceCode.getAllComments()) {
          const previous = group.at(-1);
          const goesOn =
            comment.type === 'Line' &&
            previous?.loc.end.line === comment.loc.start.line - 1 &&
            previous.loc.start.column === comment.loc.start.column;
          if (!goesOn) endGroup();
          if (comment.type === 'Line' && isAlone(comment)) group.push(comment);
          else if (isAlone(comment)) check([comment], (lines, column) => wrapBlock(lines, column, WIDTH));
          else if (comment.loc.end.column > WIDTH) context.report({ node: comment, messageId: 'wide' });
        }
        endGroup();
      },
    };
  },
};
