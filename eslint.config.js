import js from '@eslint/js'
import tseslint from 'typescript-eslint'

/** Rooms that must also run in a browser tab: no Node API, no clock, no randomness, no locale. */
const analysisRooms = ['analyze', 'result', 'errors']
  .map((file) => `src/${file}.ts`)
  .concat(
    [
      'decode',
      'flow',
      'exchange',
      'facts',
      'chain',
      'knowledge',
      'verdicts',
      'verify',
      'diagram',
      'report',
    ].map((room) => `src/${room}/**/*.ts`),
  )

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'captures'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      // A name of its own, in the schema too.
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'No default exports: names are searched for.' },
      ],
    },
  },
  {
    files: analysisRooms,
    rules: {
      'no-restricted-globals': [
        'error',
        ...[
          'process',
          'Buffer',
          'console',
          'setTimeout',
          'setInterval',
          'performance',
          'document',
          'window',
        ].map((name) => ({
          name,
          message:
            'Analysis runs without Node and without a clock; only cli/ and capture/file-source.ts may.',
        })),
      ],
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['node:*', 'fs', 'path', 'os'], message: 'Analysis runs without Node.' }] },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Equal input gives equal bytes out.' },
        { object: 'Math', property: 'random', message: 'Equal input gives equal bytes out.' },
      ],
    },
  },
  {
    // Runs in the reader's browser and nowhere else.
    files: ['src/report/html/page/**/*.ts'],
    rules: { 'no-restricted-globals': 'off' },
  },
  {
    files: ['bin/**/*.js'],
    languageOptions: { sourceType: 'commonjs', globals: { __dirname: 'readonly', process: 'readonly' } },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: ['test/**/*.ts', 'vitest.config.ts'],
    rules: {
      'max-lines-per-function': 'off',
      'no-restricted-syntax': 'off',
    },
  },
)
