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

/**
 * Cases that end in nothing, as a switch without them does: they stand there for the types, which want them all. `last`: the
 * last of them and its end, as the report prints it.
 */
const nothingToDo = (file: string, cases: readonly string[], last: string): Equivalent[] => [
  ...cases.map((was) => ({
    ...{ file, mutator: 'StringLiteral', was, becomes: '""' },
    why: 'Such a fact asks for nothing, with its case and without.',
  })),
  {
    ...{ file, mutator: 'ConditionalExpression', was: last, becomes: last.split('\n')[0] ?? last },
    why: 'It is the last case, and what follows gives nothing either.',
  },
];
/** A guard that is there for the types alone. */
const forTypes = (file: string, was: string, becomes: 'true' | 'false', why: string): Equivalent => ({
  ...{ file, mutator: 'ConditionalExpression', was, becomes, why },
});

const ADVANCE = 'server/src/orders/desk/advance.ts';
const DUE = 'server/src/orders/model/due.ts';
const CLOSING = 'server/src/orders/desk/payment-closing.ts';
const REFUNDS = 'server/src/orders/desk/refund-desk.ts';

export const EQUIVALENT: readonly Equivalent[] = [
  ...nothingToDo(ADVANCE, ["'sold'", "'rejected'"], "case 'rejected':\n        return undefined;"),
  ...nothingToDo(ADVANCE, ["'credited'", "'failed'"], "case 'failed':\n        return undefined;"),
  ...nothingToDo(DUE, ["'sold'", "'rejected'"], "case 'rejected':\n      return {};"),
  ...nothingToDo(DUE, ["'credited'", "'failed'"], "case 'failed':\n      return {};"),
  ...nothingToDo(DUE, ["'requested'", "'done'", "'abnormal'"], "case 'abnormal':\n      return undefined;"),
  ...nothingToDo(DUE, ["'closing'"], "case 'closing':\n      return false;"),
  forTypes(DUE, 'payment !== undefined', 'true', 'Nothing is among the payments of no order.'),
  {
    ...{ file: CLOSING, mutator: 'ArrayDeclaration', was: '[]', becomes: '["Stryker was here"]' },
    why: 'A number that no payment of the order has closes none.',
  },
  forTypes(
    ...([CLOSING, 'settled.lookAgainAt !== undefined', 'true'] as const),
    'A payment without a time to look again has none, whether that is written down or not.',
  ),
  {
    ...{ file: 'server/src/orders/desk/payment-desk.ts', mutator: 'OptionalChaining' },
    was: 'moved.order.payments.find(({ no }) => no === payment.no)?.codeUrl',
    becomes: 'moved.order.payments.find(({\n  no\n}) => no === payment.no).codeUrl',
    why: 'No payment of an order is ever taken away.',
  },
  forTypes(
    ...(['server/src/orders/model/moves/payment.ts', 'named === undefined', 'false'] as const),
    'What fits no payment is refused beside it.',
  ),
  forTypes(REFUNDS, 'refund === undefined', 'false', 'Of a refund that the order has not, nothing is news.'),
  forTypes(REFUNDS, 'now !== undefined', 'true', 'No refund of an order is ever taken away.'),
  {
    ...{ file: REFUNDS, mutator: 'StringLiteral', was: "'first'", becomes: '""' },
    why: 'Only the other word is asked for.',
  },
];
