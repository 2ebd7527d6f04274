import { fromCardImageMessage } from '@bianmin/card/meter-card/wire';
import type { CardLayouts } from '@bianmin/card/meter-card/layout';
import type { Operation, RequestOf } from '../wire/operations.ts';
import type { Sm2Public } from '../wire/sm2.ts';
import { encodeCard } from './card-record.ts';
import { BUSINESS_TYPES, type Trade } from './constants.ts';
import { encodeFields } from './fields.ts';
import { encodeGathered } from './gathered.ts';
import { orderKey, type OrderKey } from './order-key.ts';
import { sealRecord } from './records.ts';
import { encodeRegions } from './regions.ts';
import { BODIES } from './tables.ts';

/** What this profile has transactions for. */
export type Offered = Exclude<
  Operation,
  | 'quote'
  | 'remoteCredit'
  | 'queryCredit'
  | 'replaceCard'
  | 'dailyBill'
  | 'cardTasks'
  | 'cardStep'
  | 'endCardTask'
  | 'sendCode'
>;

/** A request as it goes into a frame. */
export interface Ask {
  readonly trade: Trade;
  /** Under which date and serial it runs; absent: any that is free. */
  readonly key?: OrderKey;
  readonly body: Buffer;
}

/** To whom a request goes, and by which layouts its cards are read. */
export interface CardReceiver {
  readonly key: Sm2Public;
  readonly layouts: CardLayouts;
}

/** What an operation asks of the grid, card contents sealed to its key. */
export const encodeRequest: {
  readonly [O in Exclude<Offered, 'writePlan'>]: (body: RequestOf<O>, to: CardReceiver) => Ask;
} = {
  identify: ({ image }, to) => ({
    trade: 'identify',
    body: encodeFields(BODIES.identify.request, {
      card: sealedCard(image, to),
    }),
  }),
  identifyCustomer: (body) => ({
    trade: 'identifyCustomer',
    body: encodeFields(BODIES.identifyCustomer.request, body),
  }),
  readMeter: (body) => ({ trade: 'readMeter', body: encodeFields(BODIES.readMeter.request, body) }),
  sell: ({ orderNo, customerNo, meterNo, serial, faceFen, count }) => ({
    trade: 'sell',
    key: orderKey(orderNo),
    body: encodeFields(BODIES.sell.request, { customerNo, meterNo, cardSerial: serial, faceFen, count }),
  }),
  payAccount: ({ orderNo, billNo = '', ...into }) => ({
    trade: 'payAccount',
    key: orderKey(orderNo),
    body: encodeFields(BODIES.payAccount.request, { ...into, billNo }),
  }),
  vendorCredit: () => ({ trade: 'vendorCredit', body: encodeFields(BODIES.vendorCredit.request, {}) }),
  queryOriginal: ({ orderNo }) => query(orderNo, BUSINESS_TYPES.sale),
  queryReversal: ({ orderNo }) => query(orderNo, BUSINESS_TYPES.reversal),
  reverse: ({ orderNo, reason }) => ({
    trade: 'reverse',
    body: encodeFields(BODIES.reverse.request, { ...original(orderNo), reason }),
  }),
  returnData: ({ orderNo, regions }, to) => {
    const runs = regions.map(({ zone, offset, data }) => ({
      zone,
      offset,
      data: new Uint8Array(Buffer.from(data, 'hex')),
    }));
    const values = { ...original(orderNo), regions: sealRecord(to.key, encodeRegions(runs)) };
    return { trade: 'returnData', body: encodeFields(BODIES.returnData.request, values) };
  },
  confirmWrite: ({ orderNo, imageDigest }) => ({
    trade: 'confirmWrite',
    body: encodeFields(BODIES.confirmWrite.request, { ...original(orderNo), digest: imageDigest }),
  }),
  cancelPlan: ({ orderNo, image }, to) => ({
    trade: 'cancelPlan',
    body: encodeFields(BODIES.cancelPlan.request, {
      ...{ businessType: BUSINESS_TYPES.cancel, ...original(orderNo) },
      card: sealedCard(image, to),
    }),
  }),
  confirmCancel: ({ orderNo, imageDigest }) => ({
    trade: 'confirmCancel',
    body: encodeFields(BODIES.confirmCancel.request, { ...original(orderNo), digest: imageDigest }),
  }),
  authorise: ({ orderNo, stage, gathered }) => ({
    trade: 'authorise',
    body: encodeFields(BODIES.authorise.request, {
      ...original(orderNo),
      stage,
      ...encodeGathered(gathered),
    }),
  }),
};

const WITH_ACCOUNT: Partial<Record<Trade, Trade>> = {
  identify: 'identifyAccount',
  identifyCustomer: 'customerAccount',
};

/** The same question, whose answer says of the account besides. */
export function askingAccount(ask: Ask): Ask {
  return { ...ask, trade: WITH_ACCOUNT[ask.trade] ?? ask.trade };
}

/** Write data: the first time as such, from then on a rewrite that names the grid's serial of the sale. */
export function encodeWriteRequest(
  { orderNo, image }: RequestOf<'writePlan'>,
  to: CardReceiver,
): (gridSerial: string | undefined) => Ask {
  const fixed = {
    ...original(orderNo),
    card: sealedCard(image, to),
  };
  const { sale, rewrite } = BUSINESS_TYPES;
  return (gridSerial) => {
    const trade = gridSerial === undefined ? 'writeData' : 'rewrite';
    const businessType = gridSerial === undefined ? sale : rewrite;
    const values = { ...fixed, businessType, gridSerial: gridSerial ?? '' };
    return { trade, body: encodeFields(BODIES[trade].request, values) };
  };
}

function sealedCard(image: RequestOf<'identify'>['image'], { key, layouts }: CardReceiver): string {
  return sealRecord(key, encodeCard(fromCardImageMessage(image), layouts));
}

function query(orderNo: string, businessType: string): Ask {
  return { trade: 'query', body: encodeFields(BODIES.query.request, { businessType, ...original(orderNo) }) };
}

function original(orderNo: string): { originalDate: string; originalSerial: string } {
  const { date, serial } = orderKey(orderNo);
  return { originalDate: date, originalSerial: serial };
}
