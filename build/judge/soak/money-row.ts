import { WHOLE_CAMPAIGN } from './grid-times.ts';
import type { OrderFigures } from './money-figures.ts';
import type { AuditResult } from './money-audit.ts';
import type { WaitingRow } from './money-waiting.ts';

/** More events of one order are a part of it that turns on the spot. */
export const MOST_EVENTS = 200;

export interface MoneySoakRow extends Omit<AuditResult, 'findings'>, OrderFigures {
  readonly soak: 'money';
  readonly orders: number;
  /** Orders at an end that they should not be at, or at none. */
  readonly stuck: number;
  readonly lost: number;
  readonly doubled: number;
  /** Orders for another meter than the one that was confirmed. */
  readonly wrongMeter: number;
  /** Orders that the grid was asked to sell more than once. */
  readonly soldAgain: number;
  /** Households that cannot buy although all is at rest. */
  readonly waiting: number;
  /** Lies about cards that no case is about. */
  readonly uncaughtFalseClaims: number;
  /** Things that staff are told of orders, by their diagnoses, and that are wrong or vague. */
  readonly misdiagnosed: number;
  readonly staffRefunds: number;
  readonly refusedRefunds: number;
  /** Orders that two wallets paid, and that three did. */
  readonly twoWallets: number;
  readonly threeWallets: number;
  /** Orders that a wallet paid besides the counter, and that one paid when they were over. */
  readonly cashAndWallet: number;
  readonly paidLate: number;
  /** How often a meter had no room for what a card brought, and how much stayed on cards by that for a while, fen. */
  readonly meterRefused: number;
  /** Meters that were exchanged between a payment and its credit. */
  readonly exchanged: number;
  readonly onCardsFen: number;
  /** Before staff did anything: orders that waited for a person, and refunds that a channel would not make. */
  readonly attention: number;
  readonly abnormal: number;
  /** Of the orders that waited then, those that nothing outside makes a person necessary for. */
  readonly undecided: number;
  /** Of all that waited the ones that went on by the word of two, and those whose payer was given the money elsewhere. */
  readonly decided: number;
  readonly elsewhere: number;
  /** Orders that still wait when staff are through. */
  readonly leftToStaff: number;
  readonly cash: number;
  readonly kills: number;
  readonly clockJumps: number;
  /** How long the grid was away, s; orders that were paid for meanwhile, and those of them that waited for a person. */
  readonly awaySeconds: number;
  readonly awayOrders: number;
  readonly awayWaiting: number;
  /** Evenings on which the grid refused sales because our deposit there had run dry. */
  readonly dryEvenings: number;
  /** Households whose balance the grid took over meanwhile. */
  readonly converted: number;
  /** Households that another took over, and that left for good, with a purchase that waited for its card where there was one. */
  readonly transferred: number;
  readonly closed: number;
  readonly perMinute: number;
  readonly seconds: number;
  readonly seed: number;
  readonly engine: string;
  /** Each order that waited, before staff did anything. */
  readonly waits: readonly WaitingRow[];
}

/** What must be nothing. */
const NOTHING = [
  ...(['lost', 'doubled', 'wrongMeter', 'stuck', 'soldAgain', 'equationFen', 'accountsOff'] as const),
  ...(['missedDifferences', 'falseDifferences', 'leftDifferences'] as const),
  ...(['waiting', 'uncaughtFalseClaims', 'undecided', 'leftToStaff', 'awayWaiting'] as const),
  ...(['misdiagnosed'] as const),
];
/** What a whole campaign has some of: without them it proves nothing about them. */
const SOMETHING = [
  ...(['twoWallets', 'threeWallets', 'arrearsFen', 'feesFen', 'cashAndWallet', 'paidLate'] as const),
  ...(['meterRefused', 'onCardsFen', 'undone', 'exchanged'] as const),
  ...(['abnormal', 'elsewhere', 'awayOrders', 'dryEvenings', 'kills'] as const),
  ...(['converted', 'transferred', 'closed'] as const),
];

/** What is wrong with a campaign that was to have so many orders, a sentence each. Pure. */
export function faultsOf(row: MoneySoakRow, wanted: number): string[] {
  const wrong = NOTHING.filter((name) => row[name] !== 0).map((name) => `${name} is ${row[name]}, not 0`);
  const missing = SOMETHING.filter((name) => wanted >= WHOLE_CAMPAIGN && row[name] === 0);
  const turning = row.maxEventsPerOrder > MOST_EVENTS;
  return [
    ...wrong,
    ...missing.map((name) => `${name} is 0: that was not tried`),
    ...(turning ? [`an order has ${row.maxEventsPerOrder} events, more than ${MOST_EVENTS}`] : []),
  ];
}
