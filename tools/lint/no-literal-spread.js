/** Forbids the spread of a literal, `...{ a, b }` and `...['a', 'b']`: its parts can stand there themselves. */
export const noLiteralSpread = {
  meta: {
    type: 'suggestion',
    fixable: 'code',
    schema: [],
    messages: { literal: 'Write the parts of this literal in its place.' },
  },
  create(context) {
    const { sourceCode } = context;
    const report = (node) => {
      const parts = node.argument.properties ?? node.argument.elements;
      context.report({
        node,
        messageId: 'literal',
        fix: (fixer) =>
          parts.length === 0 || parts.includes(null)
            ? null
            : fixer.replaceText(node, sourceCode.text.slice(parts[0].range[0], parts.at(-1).range[1])),
      });
    };
    return {
      'SpreadElement[argument.type="ObjectExpression"]': report,
      'SpreadElement[argument.type="ArrayExpression"]': report,
    };
  },
};
