import { findBannedPhrases } from '../find-banned-phrases.js';

/** Reports phrases that no native engineer writes, in Markdown; code is left alone. */
export default function bannedPhrases({ Syntax, RuleError, report, getSource, locator }) {
  return {
    [Syntax.Str](node) {
      for (const { phrase, index, advice } of findBannedPhrases(getSource(node))) {
        const padding = locator.range([index, index + phrase.length]);
        report(node, new RuleError(`"${phrase}": ${advice}`, { padding }));
      }
    },
  };
}
