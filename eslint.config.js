import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';
import local from './tools/lint/index.js';

export default tseslint.config(
  { ignores: ['dist/', '**/node_modules/', 'packed/', '**/.next/', '**/next-env.d.ts'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    // It has packages of its own, which may not be installed.
    ignores: ['examples/**'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { local },
    rules: {
      'local/comment-width': 'error',
      'local/no-literal-spread': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'no-console': 'error',
    },
  },
  {
    // Without types; next build checks those.
    files: ['examples/**/*.{ts,tsx}'],
    extends: [...tseslint.configs.strict, ...tseslint.configs.stylistic],
    plugins: { local },
    rules: {
      'local/comment-width': 'error',
      'local/no-literal-spread': 'error',
      'local/banned-phrases': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-definitions': 'off',
      'no-console': 'error',
      'max-lines': ['error', 250],
    },
  },
  {
    files: ['src/**'],
    rules: {
      'max-lines': ['error', 250],
      'max-lines-per-function': ['error', { max: 70, skipComments: true }],
    },
  },
  {
    files: ['src/**', 'tools/**', 'scripts/**'],
    plugins: { local },
    rules: { 'local/banned-phrases': 'error' },
  },
  {
    // What people run in a terminal speaks through the terminal.
    files: ['tools/**', 'scripts/**', 'test/runner/**'],
    rules: { 'no-console': 'off' },
  },
  {
    // Commands know the world through their CliIo, and so run within a test.
    files: ['src/cli/**'],
    rules: { 'no-restricted-globals': ['error', 'process', 'console'] },
  },
  {
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', 'local/banned-phrases': 'error' },
  },
  {
    files: ['**/*.{js,cjs,mjs}'],
    languageOptions: {
      globals: { module: 'writable', process: 'readonly', require: 'readonly' },
    },
  },
  {
    files: ['tools/lint/**', 'scripts/*.mjs'],
    languageOptions: { globals: { URL: 'readonly', console: 'readonly' } },
  },
  prettier,
);
