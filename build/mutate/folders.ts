/** A part of the code in which money or a meter is at stake, and the tests that must notice what is wrong there. */
export interface MutateFolder {
  /** As `npm run mutate -- NAME` and its row have it: a path without `/src`. */
  readonly name: string;
  /** What is made wrong: files, and folders with all that is in them but tests. */
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
    files: ['shared/src/meter-card'],
    tests: ['shared/src/meter-card', 'shared/src/purchase'],
    floors: ['pure'],
  },
  {
    name: 'shared/purchase',
    files: ['shared/src/purchase'],
    tests: ['shared/src/purchase'],
    floors: ['pure'],
  },
  {
    name: 'server/domain/moves',
    files: ['server/src/domain/moves'],
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
    files: ['server/src/books/reconcile'],
    tests: ['server/src/books/reconcile'],
    floors: ['pure', 'db'],
  },
  {
    name: 'server/books/ledger',
    files: ['server/src/books/ledger'],
    tests: ['server/src/books/ledger'],
    floors: ['pure', 'db'],
  },
  {
    name: 'server/float',
    files: ['server/src/float'],
    tests: ['server/src/float', 'server/src/books/ledger'],
    floors: ['pure', 'db'],
  },
  {
    name: 'server/discount',
    files: ['server/src/discount'],
    tests: ['server/src/discount'],
    floors: ['pure', 'db'],
  },
];

/** Of every hundred mutants that were tried, so many must be noticed. */
export const LEAST_SCORE = 85;
/** Of every hundred, so many may be called equivalent, each with its reason. */
export const MOST_EQUIVALENT = 3;
