/** A part of the code in which money or a meter is at stake, and the tests that must notice what is wrong there. */
export interface MutateFolder {
  /** As `npm run mutate -- NAME` and its row have it: a path without `/src`. */
  readonly name: string;
  /** Files that are made wrong, as globs; tests are left out by themselves. */
  readonly files: readonly string[];
  /** Folders whose tests are tried. */
  readonly tests: readonly string[];
  /** `db`: also those that need a database; each mutant then costs a little more. */
  readonly floors: readonly ('pure' | 'db')[];
}

const ORDER_TESTS = ['server/src/domain', 'server/src/testing'];

export const FOLDERS: readonly MutateFolder[] = [
  {
    name: 'shared/meter-card',
    files: ['shared/src/meter-card/**/*.ts'],
    tests: ['shared/src/meter-card', 'shared/src/purchase'],
    floors: ['pure'],
  },
  {
    name: 'shared/purchase',
    files: ['shared/src/purchase/**/*.ts'],
    tests: ['shared/src/purchase'],
    floors: ['pure'],
  },
  {
    name: 'server/domain/moves',
    files: ['server/src/domain/moves/*.ts'],
    tests: ORDER_TESTS,
    floors: ['pure'],
  },
  {
    name: 'server/domain',
    files: ['due', 'payment-desk', 'refund-desk'].map((file) => `server/src/domain/${file}.ts`),
    tests: ORDER_TESTS,
    floors: ['pure'],
  },
  { name: 'server/queue', files: ['server/src/queue/advance.ts'], tests: ORDER_TESTS, floors: ['pure'] },
  {
    name: 'server/books/reconcile',
    files: ['server/src/books/reconcile/**/*.ts'],
    tests: ['server/src/books/reconcile'],
    floors: ['pure', 'db'],
  },
  {
    name: 'server/books/ledger',
    files: ['server/src/books/ledger/**/*.ts'],
    tests: ['server/src/books/ledger'],
    floors: ['pure', 'db'],
  },
  {
    name: 'server/float',
    files: ['server/src/float/**/*.ts'],
    tests: ['server/src/float', 'server/src/books/ledger'],
    floors: ['pure', 'db'],
  },
  {
    name: 'server/discount',
    files: ['server/src/discount/**/*.ts'],
    tests: ['server/src/discount'],
    floors: ['pure', 'db'],
  },
];

/** Of every hundred mutants that were tried, so many must be noticed. */
export const LEAST_SCORE = 85;
/** Of every hundred, so many may be called equivalent, each with its reason. */
export const MOST_EQUIVALENT = 3;
