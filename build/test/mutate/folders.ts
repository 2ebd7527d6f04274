/** A part of the code in which money or a meter is at stake, and the tests that must notice what is wrong there. */
export interface MutateFolder {
  /** As `npm run mutate -- NAME` and its row have it: a path without `/src`. */
  readonly name: string;
  /** What is made wrong: files, and folders with all that is in them but tests. */
  readonly files: readonly string[];
  /** Folders whose tests are tried. */
  readonly tests: readonly string[];
  /** Floors of tests, in turn: `db` tries what `pure` did not notice, at seconds a mutant. */
  readonly floors: readonly ('pure' | 'db')[];
}

const ORDER_TESTS = ['server/src/orders', 'server/src/testing'];

export const FOLDERS: readonly MutateFolder[] = [
  {
    name: 'shared/card/meter-card',
    files: ['shared/card/src/meter-card'],
    tests: ['shared/card/src/meter-card', 'shared/purchase/src/purchase'],
    floors: ['pure'],
  },
  {
    name: 'shared/purchase/purchase',
    files: ['shared/purchase/src/purchase'],
    tests: ['shared/purchase/src/purchase'],
    floors: ['pure'],
  },
  {
    name: 'server/orders/moves',
    files: ['server/src/orders/model/moves'],
    tests: ORDER_TESTS,
    floors: ['pure'],
  },
  {
    name: 'server/orders',
    files: [
      'model/due',
      'desk/payment-closing',
      'desk/payment-desk',
      'desk/payment-receiving',
      'desk/payment-settling',
      'desk/payment-sources',
      'desk/refund-desk',
    ].map((file) => `server/src/orders/${file}.ts`),
    tests: ORDER_TESTS,
    floors: ['pure'],
  },
  {
    name: 'server/orders/advance',
    files: ['server/src/orders/desk/advance.ts'],
    tests: ORDER_TESTS,
    floors: ['pure'],
  },
  {
    name: 'server/money/reconcile',
    files: ['server/src/money/reconcile'],
    tests: ['server/src/money/reconcile'],
    floors: ['pure', 'db'],
  },
  {
    name: 'server/money/ledger',
    files: ['server/src/money/ledger'],
    tests: ['server/src/money/ledger'],
    floors: ['pure', 'db'],
  },
  {
    name: 'server/money/float',
    files: ['server/src/money/float'],
    tests: ['server/src/money/float', 'server/src/money/ledger'],
    floors: ['pure', 'db'],
  },
  {
    name: 'server/money/discount',
    files: ['server/src/money/discount'],
    tests: ['server/src/money/discount'],
    floors: ['pure', 'db'],
  },
];

/** Of every hundred mutants that were tried, so many must be noticed. */
export const LEAST_SCORE = 85;
/** Of every hundred, so many may be called equivalent, each with its reason. */
export const MOST_EQUIVALENT = 3;
