import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Tests whose result could depend on the machine: what is drawn, sorted, packed, dated, counted in a language or kept in a file. */
const SENSITIVE = [
  'build/ship/apk/*.test.ts',
  'build/bootstrap/*.test.ts',
  'build/ship/deploy/{compose,manifests}.test.ts',
  'build/kit/pictures/*.test.ts',
  'build/ship/voice/*.test.ts',
  'server/admin/src/areas/**/*.test.ts',
  'server/admin/src/parts/*.test.ts',
  'server/admin/src/words/*.test.ts',
  'server/payer/src/words/*.test.ts',
  'server/sandbox/wallet/**/bill.test.ts',
  'server/src/insight/alerts/docs.test.ts',
  'server/src/money/bills/writers.test.ts',
  'server/src/money/reconcile/engine/*.test.ts',
  'server/src/kernel/china-time.test.ts',
  'server/src/orders/desk/numbers.test.ts',
  'server/src/gateways/grid/agent-string/{codes,fields,frame,plan-records,records}.test.ts',
  'server/src/gateways/payment/*/bill*.test.ts',
  'server/src/gateways/payment/{stamp,yuan}.test.ts',
  'server/src/testing/queries/rule.test.ts',
  'shared/purchase/src/api/*.test.ts',
  'shared/card/src/cli/fixtures.test.ts',
  'shared/card/src/cli/words/*.test.ts',
  'shared/purchase/src/i18n/*.test.ts',
  'shared/purchase/src/node/trace.test.ts',
  'shared/card/src/transcript/*.test.ts',
  'stb-app/src/tv/{,words/}*.test.ts',
  'terminal-app/e2e/printer/*.test.ts',
  'terminal-app/src/host/file-journal.test.ts',
  'terminal-app/src/host/printer/{gb18030,golden}.test.ts',
  'terminal-app/src/policy/*.test.ts',
  'terminal-app/src/renderer/staff/*.test.ts',
  'terminal-app/src/renderer/voice/{amounts,prompts}.test.ts',
  'terminal-app/src/upkeep/*.test.ts',
  'terminal-app/src/words/*.test.ts',
];

/** Started by elsewhere.ts. None of these needs a database or starts a program. */
export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  test: {
    include: SENSITIVE,
    exclude: ['**/node_modules/**', '**/dist/**', '**/*.{db,process,contract}.test.ts'],
    setupFiles: 'build/test/properties.ts',
    pool: 'threads',
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
