import type { Rule } from 'eslint';

declare const plugin: {
  readonly rules: Readonly<Record<'banned-phrases' | 'comment-width' | 'no-literal-spread', Rule.RuleModule>>;
};
export default plugin;
