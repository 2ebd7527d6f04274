import { CARD_TYPE } from '@bianmin/card/testing/meter-layout';
import type { MeterErrorNumber } from './errors.ts';

/** What a meter reads of a card before it decides. Numbers as on the card, money in fen. */
export interface CardContents {
  readonly issued: boolean;
  readonly wellFormed: boolean;
  /** 1 opens, 2 tops up, 3 replaces; a card may hold anything. */
  readonly type: number;
  readonly meterNo: string;
  readonly customerNo: string;
  readonly serial: string;
  readonly amountFen: number;
  readonly count: number;
  readonly macValid: boolean;
  /** 报警金额 that the card would set, where its flags say so. */
  readonly alarms: { readonly alarm1Fen: number; readonly alarm2Fen: number } | null;
  readonly returnEmpty: boolean;
}

/** The part of a meter's memory that decides. */
export interface MeterMemory {
  readonly meterNo: string;
  readonly opened: boolean;
  readonly customerNo: string;
  /** Of the card last accepted; empty on an unopened meter. */
  readonly serial: string;
  /** Of the security module, which is the one that counts. */
  readonly count: number;
  readonly balanceFen: number;
  /** 囤积限额; 0: none. */
  readonly hoardLimitFen: number;
  /** What its maker lets it do with a card that it has no room for. Absent: it leaves the card as it is. */
  readonly whenFull?: WhenFull | undefined;
}

/** `writes-back`: its return file is not empty then, and the same purchase is credited only once it was written anew. */
export const WHEN_FULL = ['leaves-card', 'writes-back'] as const;
export type WhenFull = (typeof WHEN_FULL)[number];

export interface Verdict {
  readonly credit: boolean;
  readonly writeBack: boolean;
  readonly error: MeterErrorNumber | null;
}

interface Row extends Verdict {
  readonly when: string;
  readonly holds: (card: CardContents, meter: MeterMemory) => boolean;
}

/** The most that a meter can show. */
export const MAX_BALANCE_FEN = 99_999_999;

const KNOWN_TYPES: readonly number[] = Object.values(CARD_TYPE);

const refuse = (error: MeterErrorNumber): Verdict => ({ credit: false, writeBack: false, error });
const tellBack = (error: MeterErrorNumber | null): Verdict => ({ credit: false, writeBack: true, error });
/** Over the meter's range, or its hoard limit. */
const hasNoRoom = (card: CardContents, meter: MeterMemory): boolean => {
  const balanceFen = meter.balanceFen + card.amountFen;
  return balanceFen > MAX_BALANCE_FEN || (meter.hoardLimitFen > 0 && balanceFen > meter.hoardLimitFen);
};
const diff = (card: CardContents, meter: MeterMemory): number => card.count - meter.count;

/**
 * How a meter judges a user's card; the first row that holds decides. As meter firmware does it that is public
 * (R:float12/WorkProjectsSVN ElectricityCycle/…/PrePay/GuoWang698/Card.c); the order of the rows is ours. Whether a
 * meter without room writes back is not public: there are both kinds here (`whenFull`).
 */
export const ACCEPTANCE: readonly Row[] = [
  { when: 'never issued', holds: (card) => !card.issued, ...refuse(7) },
  { when: 'parameter file not well formed', holds: (card) => !card.wellFormed, ...refuse(14) },
  {
    when: 'type is not 01, 02 or 03',
    holds: (card) => !KNOWN_TYPES.includes(card.type),
    ...refuse(8),
  },
  { when: 'another meter', holds: (card, meter) => card.meterNo !== meter.meterNo, ...refuse(11) },
  {
    when: 'opened for another customer',
    holds: (card, meter) => meter.opened && card.customerNo !== meter.customerNo,
    ...refuse(12),
  },
  {
    when: 'purchase card, unopened meter',
    holds: (card, meter) => !meter.opened && card.type === CARD_TYPE.purchase,
    ...refuse(15),
  },
  {
    when: 'replacement card, unopened meter',
    holds: (card, meter) => !meter.opened && card.type === CARD_TYPE.replacement,
    ...refuse(16),
  },
  {
    when: 'purchase card that is not the card last accepted',
    holds: (card, meter) => card.type === CARD_TYPE.purchase && card.serial !== meter.serial,
    ...refuse(13),
  },
  {
    when: 'replacement card that a later one overtook',
    holds: (card, meter) =>
      card.type === CARD_TYPE.replacement && card.serial !== meter.serial && diff(card, meter) <= 0,
    // Told back all the same: where the lost card came to the meter first, only so does the grid learn of it.
    ...tellBack(13),
  },
  {
    when: 'opening card with a count above 1',
    holds: (card) => card.type === CARD_TYPE.open && card.count > 1,
    ...refuse(17),
  },
  { when: 'purse not authentic, or torn', holds: (card) => !card.macValid, ...refuse(10) },
  { when: 'count below the meter’s', holds: (card, meter) => diff(card, meter) < 0, ...tellBack(null) },
  {
    when: 'count equal: credited before',
    holds: (card, meter) => diff(card, meter) === 0,
    ...tellBack(null),
  },
  { when: 'count two or more ahead', holds: (card, meter) => diff(card, meter) >= 2, ...tellBack(17) },
  { when: 'next count, return file not empty', holds: (card) => !card.returnEmpty, ...tellBack(18) },
  {
    when: 'next count, no room, and the maker writes back',
    holds: (card, meter) => hasNoRoom(card, meter) && meter.whenFull === 'writes-back',
    ...tellBack(21),
  },
  { when: 'next count, no room', holds: hasNoRoom, ...refuse(21) },
  { when: 'next count, room enough', holds: () => true, credit: true, writeBack: true, error: null },
];

/** The first row that holds. The last one always does. */
export function judge(card: CardContents, meter: MeterMemory): Verdict & { readonly when: string } {
  const row = ACCEPTANCE.find((candidate) => candidate.holds(card, meter));
  if (row === undefined) throw new Error('The acceptance table has no last row.');
  return row;
}

/**
 * Whether the card's alarm amounts are taken over: from an opening card only (a purchase or replacement card may change
 * no more than backup tariffs, mask 0x7A of the same firmware), with its credit or once more at an equal count, and not
 * where a meter has written to it already.
 */
export function takesAlarms(card: CardContents, meter: MeterMemory, verdict: Verdict): boolean {
  if (card.type !== CARD_TYPE.open || !card.returnEmpty || verdict.error !== null) return false;
  return verdict.credit || diff(card, meter) === 0;
}
