/** A mutant that no test can notice, since the program does the same with it. */
export interface Equivalent {
  readonly file: string;
  /** The mutator's name, as the report prints it. */
  readonly mutator: string;
  /** What stands there, and what it becomes, as the report prints them. */
  readonly was: string;
  readonly becomes: string;
  readonly why: string;
}

/** A case that ends in nothing, as a switch without it does: it stands there for the types, which want them all. */
const nothingToDo = (file: string, cases: readonly string[], last: string): Equivalent[] => [
  ...cases.map((was) => ({
    ...{ file, mutator: 'StringLiteral', was, becomes: '""' },
    why: 'The step of such a fact is nothing, with its case and without.',
  })),
  {
    ...{ file, mutator: 'ConditionalExpression', was: `case ${last}:\n        return undefined;` },
    ...{ becomes: `case ${last}:`, why: 'It is the last case, and what follows returns nothing either.' },
  },
];

const ADVANCE = 'server/src/orders/desk/advance.ts';

export const EQUIVALENT: readonly Equivalent[] = [
  ...nothingToDo(ADVANCE, ["'sold'", "'rejected'"], "'rejected'"),
  ...nothingToDo(ADVANCE, ["'credited'", "'failed'"], "'failed'"),
  {
    ...{ file: 'server/src/orders/desk/payment-closing.ts', mutator: 'ArrayDeclaration' },
    ...{ was: '[]', becomes: '["Stryker was here"]' },
    why: 'A number that no payment of the order has closes none.',
  },
  {
    ...{ file: 'server/src/orders/desk/payment-closing.ts', mutator: 'ConditionalExpression' },
    ...{ was: 'settled.lookAgainAt !== undefined', becomes: 'true' },
    why: 'A payment without a time to look again has none, whether that is written down or not.',
  },
  {
    ...{ file: 'server/src/orders/desk/payment-desk.ts', mutator: 'OptionalChaining' },
    was: 'moved.order.payments.find(({ no }) => no === payment.no)?.codeUrl',
    becomes: 'moved.order.payments.find(({\n  no\n}) => no === payment.no).codeUrl',
    why: 'No payment of an order is ever taken away.',
  },
];
