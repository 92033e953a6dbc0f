import assert from 'node:assert/strict';
import { Linter } from 'eslint';
import rules from '../../tools/lint/index.js';

const linter = new Linter();

/** The messages about some code, and the code after the fixes. */
function lint(
  rule: 'banned-phrases' | 'comment-width' | 'no-literal-spread',
  code: string,
): { messages: string[]; fixed: string } {
  const config: Linter.Config[] = [{ plugins: { local: rules }, rules: { [`local/${rule}`]: 'error' } }];
  return {
    messages: linter.verify(code, config).map(({ message }) => message),
    fixed: linter.verifyAndFix(code, config).output,
  };
}

describe('the lint rule against spread literals', () => {
  it('puts the parts of the literal in its place', () => {
    const { fixed } = lint('no-literal-spread', 'f({ ...{ a, b: 1 }, c }, [...[1, 2], 3]);');
    assert.equal(fixed, 'f({ a, b: 1, c }, [1, 2, 3]);');
  });

  it('leaves other spreads alone', () => {
    assert.deepEqual(lint('no-literal-spread', 'f({ ...a, ...(b ? { c } : {}) }, [...d]);').messages, []);
  });
});

describe('the lint rule for the width of comments', () => {
  const words = (count: number) => Array.from({ length: count }, () => 'word').join(' ');

  for (const [kind, before] of [
    ['a docstring of one line', `/** ${words(25)} */\nconst a = 1;`],
    [
      'a docstring of several lines',
      `/**\n * ${words(25)}\n *\n * @throws Error ${words(25)}\n */\nconst a = 1;`,
    ],
    ['a comment of lines', `if (a) {\n  // ${words(25)}\n  // ${words(5)}\n  b();\n}`],
    ['a bullet', `/**\n * - ${words(25)}\n * - short\n */\nconst a = 1;`],
  ] as const)
    it(`wraps ${kind}, and keeps every word`, () => {
      const { messages, fixed } = lint('comment-width', before);
      assert.equal(messages.length, 1);
      assert.ok(
        fixed.split('\n').every((line) => line.length <= 100),
        fixed,
      );
      const count = (text: string) => text.match(/word/g)?.length;
      assert.equal(count(fixed), count(before));
      assert.deepEqual(lint('comment-width', fixed), { messages: [], fixed });
    });

  it('does not break a link, an example, or an address that is longer than a line', () => {
    for (const code of [
      `/**\n * ${words(18)} {@link some thing}\n */\nconst a = 1;`,
      `/**\n * @example\n * ${words(25)}\n */\nconst a = 1;`,
      `// https://example.com/${'a'.repeat(100)}\nconst a = 1;`,
    ])
      assert.ok(!/\{@link some\n|@example \w/.test(lint('comment-width', code).fixed), code);
  });

  it('leaves comments alone that fit', () => {
    assert.deepEqual(lint('comment-width', `/** ${words(15)} */\nconst a = 1; // fits`).messages, []);
  });
});

describe('the lint rule against phrases', () => {
  // eslint-disable-next-line local/banned-phrases -- these are the phrases to report
  for (const phrase of ['what it was told', 'whoever asks', 'as far as it goes', 'it is no number'])
    it(`reports "${phrase}" in a comment, a string and a template`, () => {
      for (const code of [`// ${phrase}`, `f('${phrase}');`, `f(\`\${a} ${phrase}\`);`])
        assert.equal(lint('banned-phrases', code).messages.length, 1, code);
    });

  it('reports a phrase that is broken over two lines', () => {
    for (const code of ['/**\n * what is no\n * number\n */', '/* as\n far as it goes */'])
      assert.equal(lint('banned-phrases', code).messages.length, 1, code);
  });

  it('leaves plain English alone', () => {
    const wrapped = 'There is no such run.'.replace(' ', '\n * ');
    assert.deepEqual(lint('banned-phrases', `/** ${wrapped} */`).messages, []);
    for (const phrase of ['there is no such run', 'it is no longer there', 'cannot tell'])
      assert.deepEqual(lint('banned-phrases', `// ${phrase}`).messages, []);
  });
});
