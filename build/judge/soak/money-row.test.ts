import { expect, it } from 'vitest';
import { faultsOf, type MoneySoakRow } from './money-row.ts';

const even: MoneySoakRow = {
  ...{ soak: 'money', orders: 1_000, lost: 0, doubled: 0, stuck: 0, soldAgain: 0, waiting: 0 },
  wrongMeter: 0,
  misdiagnosed: 0,
  ...{ uncaughtFalseClaims: 0, staffRefunds: 5, refusedRefunds: 2, twoWallets: 9, threeWallets: 2 },
  ...{
    cashAndWallet: 3,
    paidLate: 4,
    meterRefused: 6,
    exchanged: 3,
    onCardsFen: 9_000,
    undone: 2,
    attention: 2,
    abnormal: 2,
    undecided: 0,
    decided: 1,
    elsewhere: 1,
  },
  ...{
    leftToStaff: 0,
    cash: 20,
    kills: 5,
    clockJumps: 9,
    dryEvenings: 2,
    converted: 3,
    transferred: 2,
    closed: 2,
  },
  ...{ awaySeconds: 60, awayOrders: 40, awayWaiting: 0 },
  ...{ maxEventsPerOrder: 40, p99RefundSeconds: 30, perMinute: 200, seconds: 400, seed: 1, engine: 'x' },
  ...{ equationFen: 0, accountsOff: 0, missedDifferences: 0, falseDifferences: 0, leftDifferences: 0 },
  ...{
    paymentsFen: 9_000,
    discountsFen: 100,
    refundsFen: 300,
    creditsFen: 8_000,
    arrearsFen: 500,
    feesFen: 300,
  },
  ...{ toldDifferences: 10, untold: 1, waits: [] },
};

it('finds nothing wrong with a campaign that came out even and tried everything', () => {
  expect(faultsOf(even, 1_000)).toEqual([]);
});

it.each([
  'lost',
  'doubled',
  'wrongMeter',
  'stuck',
  'soldAgain',
  'equationFen',
  'accountsOff',
  'undecided',
  'awayWaiting',
  'misdiagnosed',
])('calls any %s wrong, whatever its sign', (name) => {
  expect(faultsOf({ ...even, [name]: -1 }, 1_000)).toEqual([`${name} is -1, not 0`]);
});

it.each([
  'twoWallets',
  'threeWallets',
  'arrearsFen',
  'feesFen',
  'cashAndWallet',
  'elsewhere',
  'awayOrders',
  'meterRefused',
  'undone',
  'exchanged',
  'dryEvenings',
  'converted',
  'transferred',
  'closed',
])('asks for some %s of a whole campaign, and of no smaller one', (name) => {
  const without = { ...even, [name]: 0 };
  expect(faultsOf(without, 1_000)).toEqual([`${name} is 0: that was not tried`]);
  expect(faultsOf(without, 300)).toEqual([]);
});

it('bounds the events of an order', () => {
  expect(faultsOf({ ...even, maxEventsPerOrder: 200 }, 1_000)).toEqual([]);
  expect(faultsOf({ ...even, maxEventsPerOrder: 201 }, 1_000)).toEqual([
    'an order has 201 events, more than 200',
  ]);
});
