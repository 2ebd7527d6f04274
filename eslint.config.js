import { join } from 'node:path';
import importX from 'eslint-plugin-import-x';
import vue from 'eslint-plugin-vue';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import vueParser from 'vue-eslint-parser';
import { layering } from './build/test/lint/layering.mjs';

const SOURCES = ['**/*.ts', '**/*.vue'];
const TESTS = ['**/*.test.ts', '**/*.e2e.ts', '**/testing/*contract*.ts'];
/** shared/ outside node/, web/, android/ and cli/: neither Node nor the DOM. */
const PORTABLE = {
  files: ['shared/*/src/**/*.ts'],
  ignores: ['shared/*/src/{node,web,android,cli,testing/node}/**', ...TESTS],
};
const TSCONFIGS = [
  'shared/card/tsconfig.json',
  'shared/card/tsconfig.node.json',
  'shared/purchase/tsconfig.json',
  'shared/purchase/tsconfig.node.json',
  'server/tsconfig.json',
  'server/payer/tsconfig.json',
  'server/admin/tsconfig.json',
  'terminal-app/tsconfig.node.json',
  'terminal-app/tsconfig.renderer.json',
  'stb-app/tsconfig.json',
  'stb-app/tsconfig.node.json',
  'build/tsconfig.json',
].map((path) => join(import.meta.dirname, path));

/** Names that a browser or Node gives to everybody, and that a forgotten import or variable falls into silently. */
const CONFUSING = [
  'name',
  'closed',
  'event',
  'status',
  'length',
  'parent',
  'top',
  'origin',
  'stop',
  'close',
  'find',
  'print',
];
const PLATFORM = [
  'window',
  'document',
  'navigator',
  'self',
  'globalThis',
  'process',
  'Buffer',
  'global',
  'require',
];
const TIME_AND_CHANCE = ['setTimeout', 'setInterval', 'setImmediate', 'performance', 'crypto', 'fetch'];

/** Where a server for HTTP or for WebSockets is made, and what makes throw-away ones for itself. */
const LISTENERS = ['shared/purchase/src/node/listener.ts', 'shared/purchase/src/node/listener-sockets.ts'];
const THROW_AWAY = [...TESTS, '**/testing/**', '**/e2e/**'];
/** Where texts come in that others wrote. */
const FROM_ELSEWHERE = [
  'server/src/{web,route,gateways,fleet/terminals,cards,access}/**/*.ts',
  'server/sandbox/{grid/collect,invoice,wallet/{alipay,bestpay,wechat}}/**/*.ts',
  'shared/{card,purchase}/src/node/**/*.ts',
  'terminal-app/src/host/{ws-,order-,sandbox-}*.ts',
  'stb-app/double/*.ts',
];
const ONE_LISTENER = 'A server is made by listener.ts, which says whom it takes and contains its faults.';
const ONE_READER =
  'What came from elsewhere is parsed by parseJson (shared/card/src/json-text.ts), which bounds its depth and length first.';

const banned = (names, message) => names.map((name) => ({ name, message }));

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/**',
      '**/dist/**',
      '**/fixtures/**',
      '.data/**',
      'coverage/**',
      // Served to browsers as they are; checked by the sandbox's own tests.
      'server/sandbox/**/*.js',
      'stb-app/{public,double}/*.js',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: SOURCES,
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { project: TSCONFIGS, extraFileExtensions: ['.vue'] },
    },
    plugins: { 'import-x': importX, bianmin: { rules: { layering } } },
    rules: {
      'bianmin/layering': 'error',
      'import-x/no-default-export': 'error',
      'max-params': ['error', 4],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-restricted-globals': ['error', ...banned(CONFUSING, 'A global that hides a forgotten variable.')],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // `unknown` is what a rejected promise gives; numbers in a sentence read well.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // A method that answers a contract may have nothing to wait for.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: SOURCES,
    ignores: [...LISTENERS, ...THROW_AWAY],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'node:http', importNames: ['createServer'], message: ONE_LISTENER },
            { name: 'ws', importNames: ['WebSocketServer'], allowTypeImports: true, message: ONE_LISTENER },
          ],
        },
      ],
    },
  },
  {
    files: FROM_ELSEWHERE,
    ignores: THROW_AWAY,
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.object.name='JSON'][callee.property.name='parse']",
          message: ONE_READER,
        },
      ],
    },
  },
  {
    ...PORTABLE,
    rules: {
      'no-restricted-globals': [
        'error',
        ...banned(CONFUSING, 'A global that hides a forgotten variable.'),
        ...banned(
          PLATFORM,
          'shared/ runs on a kiosk, a box and a page: neither Node nor the DOM is there for sure.',
        ),
        ...banned(
          TIME_AND_CHANCE,
          'Time, chance and the network are handed in (clock.ts, ports), so that tests own them.',
        ),
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector:
            "MemberExpression[object.name='Date'][property.name='now'], NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'The time is handed in (clock.ts).',
        },
      ],
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['node:*'], message: 'Node is for the folders node/ and cli/ of shared/.' }] },
      ],
    },
  },
  {
    files: TESTS,
    rules: {
      // expect(spy.method) names a method without calling it.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.config.ts', '**/*.d.ts', 'build/test/services.ts'],
    rules: { 'import-x/no-default-export': 'off' },
  },
  ...vue.configs['flat/recommended'].map((config) => ({ ...config, files: ['**/*.vue'] })),
  {
    files: ['**/*.vue'],
    languageOptions: {
      parser: vueParser,
      parserOptions: { parser: tseslint.parser },
      globals: globals.browser,
    },
    rules: {
      // A single-file component is its default export.
      'import-x/no-default-export': 'off',
      'vue/multi-word-component-names': 'off',
      // Layout of templates is Prettier's.
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: { globals: globals.node },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'max-params': ['error', 4],
      'no-unused-vars': 'error',
      'no-undef': 'error',
    },
  },
  {
    // Joined into one script for browsers of Android 4; names are each other's, and tsc knows them all.
    files: ['stb-app/portal/src/*.js'],
    languageOptions: { ecmaVersion: 5, sourceType: 'script', globals: globals.browser },
    rules: {
      'no-undef': 'off',
      'no-unused-vars': ['error', { vars: 'local', caughtErrors: 'none' }],
      'no-restricted-globals': ['error', ...banned(CONFUSING, 'A global that hides a forgotten variable.')],
    },
  },
);
