import { findBannedPhrases } from './find-banned-phrases.js';

/** Reports phrases that no native engineer writes, in comments and in what people read. */
export const bannedPhrases = {
  meta: { type: 'suggestion', schema: [], messages: { phrase: '"{{ phrase }}": {{ advice }}' } },
  create(context) {
    const { sourceCode } = context;
    const check = (text, offset) => {
      for (const { phrase, index, advice } of findBannedPhrases(text)) {
        const loc = {
          start: sourceCode.getLocFromIndex(offset + index),
          end: sourceCode.getLocFromIndex(offset + index + phrase.length),
        };
        context.report({ loc, messageId: 'phrase', data: { phrase, advice } });
      }
    };
    const checkNode = (node) => {
      check(sourceCode.getText(node), node.range[0]);
    };
    return {
      Program() {
        for (const comment of sourceCode.getAllComments()) check(comment.value, comment.range[0] + 2);
      },
      'Literal[raw=/ /]': checkNode,
      TemplateElement: checkNode,
    };
  },
};
