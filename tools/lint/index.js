import { bannedPhrases } from './banned-phrases.js';
import { commentWidth } from './comment-width.js';
import { noLiteralSpread } from './no-literal-spread.js';

/** The lint rules of this project. */
export default {
  rules: {
    'banned-phrases': bannedPhrases,
    'comment-width': commentWidth,
    'no-literal-spread': noLiteralSpread,
  },
};
