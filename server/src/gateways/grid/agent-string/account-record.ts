import { MOST_BILLS, SUPPLIES, type AccountFacts, type DueBill, type Supply } from '../accounts.ts';
import type { AnswerOf } from '../wire/operations.ts';
import { decodeFields, encodeFields, takeFields, type Field } from './fields.ts';
import { malformed } from './malformed.ts';

const MONEY = { kind: 'number', width: 10 } as const;

/** What follows a customer where the account was asked for; then as many bills as it says. */
export const ACCOUNT = [
  /** 1 card, 2 credited from afar, 3 account; blank: not said. */
  { name: 'delivery', kind: 'number', width: 1, optional: true },
  /** 1: electricity flows. */
  { name: 'supply', kind: 'number', width: 1, optional: true },
  { name: 'bills', kind: 'number', width: 2 },
] as const satisfies readonly Field[];

const BILL = [
  { name: 'billNo', kind: 'text', width: 32 },
  /** YYYYMM. */
  { name: 'period', kind: 'digits', width: 6 },
  { name: 'dueFen', ...MONEY },
  /** YYYYMMDD. */
  { name: 'dueOn', kind: 'digits', width: 8 },
  /** 1: a part of it may be paid. */
  { name: 'partly', kind: 'number', width: 1 },
] as const satisfies readonly Field[];

/** What an account has once it was paid into: after the sale. */
export const STANDING = [
  { name: 'accountFen', kind: 'signed', width: 11, optional: true },
  { name: 'supply', kind: 'number', width: 1, optional: true },
] as const satisfies readonly Field[];

const DELIVERED = ['card', 'remote', 'account'] as const;

export function encodeAccount({ delivery, supply, bills = [] }: AccountFacts): Buffer {
  const facts = encodeFields(ACCOUNT, {
    delivery: delivery === undefined ? null : DELIVERED.indexOf(delivery) + 1,
    supply: numberOf(supply),
    bills: bills.length,
  });
  return Buffer.concat([facts, ...bills.map(encodeBill)]);
}

function encodeBill({ billNo, period, dueFen, dueOn, partly }: DueBill): Buffer {
  return encodeFields(BILL, {
    billNo,
    period: period.replace('-', ''),
    dueFen,
    dueOn: dueOn.replaceAll('-', ''),
    partly: partly ? 1 : 0,
  });
}

/** For the operation's own schema to check. Fails with `wire.malformed`. */
export function decodeAccount(bytes: Uint8Array): AccountFacts {
  const { values, rest: after } = takeFields(ACCOUNT, bytes);
  if (values.bills > MOST_BILLS) throw malformed('bills', 'are more than there may be');
  const bills: DueBill[] = [];
  let rest = after;
  for (let n = 0; n < values.bills; n += 1) {
    const bill = takeFields(BILL, rest);
    const { period, dueOn, partly, ...named } = bill.values;
    bills.push({
      ...named,
      period: period.replace(/^(....)/, '$1-'),
      dueOn: dueOn.replace(/^(....)(..)/, '$1-$2-'),
      partly: partly === 1,
    });
    rest = bill.rest;
  }
  if (rest.length > 0) throw malformed('bills', 'are followed by more than the record has');
  const delivery = values.delivery === null ? undefined : DELIVERED[values.delivery - 1];
  const supply = supplyOf(values.supply);
  return {
    ...(delivery === undefined ? {} : { delivery }),
    ...(supply === null ? {} : { supply }),
    bills,
  };
}

export function encodeStanding({ account }: AnswerOf<'payAccount'>): Buffer {
  return encodeFields(STANDING, { accountFen: account.balanceFen, supply: numberOf(account.supply) });
}

export function decodeStanding(bytes: Uint8Array): AnswerOf<'payAccount'>['account'] {
  const { accountFen, supply } = decodeFields(STANDING, bytes);
  return { balanceFen: accountFen, supply: supplyOf(supply) };
}

function numberOf(supply: Supply | null | undefined): number | null {
  if (supply === null || supply === undefined) return null;
  return supply === 'on' ? 1 : 0;
}

function supplyOf(number: number | null): Supply | null {
  if (number === null) return null;
  return number === 1 ? SUPPLIES[0] : SUPPLIES[1];
}
