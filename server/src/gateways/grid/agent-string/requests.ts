import { toHex } from '@bianmin/shared/bytes/hex';
import { fromCardImageMessage, toCardImageMessage } from '@bianmin/shared/meter-card/wire';
import type { Operation, RequestOf } from '../wire/operations.ts';
import type { Sm2Private, Sm2Public } from '../wire/sm2.ts';
import { decodeCard, encodeCard } from './card-record.ts';
import { BUSINESS_TYPES, type Trade } from './constants.ts';
import { decodeFields, encodeFields } from './fields.ts';
import type { Head } from './frame.ts';
import { decodeGathered, encodeGathered } from './gathered.ts';
import { malformed } from './malformed.ts';
import { orderKey, orderNoOf, type OrderKey } from './order-key.ts';
import { openRecord, sealRecord } from './records.ts';
import { decodeRegions, encodeRegions } from './regions.ts';
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

/** What an operation asks of the grid, card contents sealed to its key. */
export const encodeRequest: {
  readonly [O in Exclude<Offered, 'writePlan'>]: (body: RequestOf<O>, to: Sm2Public) => Ask;
} = {
  identify: ({ image }, to) => ({
    trade: 'identify',
    body: encodeFields(BODIES.identify.request, {
      card: sealRecord(to, encodeCard(fromCardImageMessage(image))),
    }),
  }),
  identifyCustomer: (body) => ({
    trade: 'identifyCustomer',
    body: encodeFields(BODIES.identifyCustomer.request, body),
  }),
  sell: ({ orderNo, customerNo, meterNo, serial, faceFen, count }) => ({
    trade: 'sell',
    key: orderKey(orderNo),
    body: encodeFields(BODIES.sell.request, { customerNo, meterNo, cardSerial: serial, faceFen, count }),
  }),
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
    const values = { ...original(orderNo), regions: sealRecord(to, encodeRegions(runs)) };
    return { trade: 'returnData', body: encodeFields(BODIES.returnData.request, values) };
  },
  confirmWrite: ({ orderNo, imageDigest }) => ({
    trade: 'confirmWrite',
    body: encodeFields(BODIES.confirmWrite.request, { ...original(orderNo), digest: imageDigest }),
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

/** Write data: the first time as such, from then on a rewrite that names the grid's serial of the sale. */
export function encodeWriteRequest(
  { orderNo, image }: RequestOf<'writePlan'>,
  to: Sm2Public,
): (gridSerial: string | undefined) => Ask {
  const fixed = {
    ...original(orderNo),
    card: sealRecord(to, encodeCard(fromCardImageMessage(image))),
  };
  const { sale, rewrite } = BUSINESS_TYPES;
  return (gridSerial) => {
    const trade = gridSerial === undefined ? 'writeData' : 'rewrite';
    const businessType = gridSerial === undefined ? sale : rewrite;
    const values = { ...fixed, businessType, gridSerial: gridSerial ?? '' };
    return { trade, body: encodeFields(BODIES[trade].request, values) };
  };
}

/** A request at the grid: not yet checked against the operation's schema. */
export interface Asked {
  readonly operation: Offered;
  readonly request: unknown;
  /** What a rewrite says that the sale's serial is. */
  readonly gridSerial?: string;
}

/** The other way, at the grid. Fails with `wire.malformed`. */
export function decodeRequest(trade: Trade, head: Head, body: Uint8Array, own: Sm2Private): Asked {
  switch (trade) {
    case 'signOn':
      throw malformed('trade', 'stands outside of sessions');
    case 'identify': {
      const { card } = decodeFields(BODIES.identify.request, body);
      return { operation: 'identify', request: { image: imageOf(card, own) } };
    }
    case 'identifyCustomer':
      return {
        operation: 'identifyCustomer',
        request: decodeFields(BODIES.identifyCustomer.request, body),
      };
    case 'sell': {
      const { cardSerial, ...rest } = decodeFields(BODIES.sell.request, body);
      return { operation: 'sell', request: { orderNo: orderNoOf(head), serial: cardSerial, ...rest } };
    }
    case 'query':
      return {
        operation: queried(body),
        request: { orderNo: originalOf(decodeFields(BODIES.query.request, body)) },
      };
    case 'reverse': {
      const values = decodeFields(BODIES.reverse.request, body);
      return { operation: 'reverse', request: { orderNo: originalOf(values), reason: values.reason } };
    }
    case 'writeData':
    case 'rewrite': {
      const values = decodeFields(BODIES[trade].request, body);
      const request = { orderNo: originalOf(values), image: imageOf(values.card, own) };
      return {
        operation: 'writePlan',
        request,
        ...(trade === 'rewrite' ? { gridSerial: values.gridSerial } : {}),
      };
    }
    case 'returnData': {
      const values = decodeFields(BODIES.returnData.request, body);
      const regions = decodeRegions(openRecord(own, values.regions)).map(({ zone, offset, data }) => ({
        zone,
        offset,
        data: toHex(data),
      }));
      return { operation: 'returnData', request: { orderNo: originalOf(values), regions } };
    }
    case 'confirmWrite': {
      const values = decodeFields(BODIES.confirmWrite.request, body);
      return {
        operation: 'confirmWrite',
        request: { orderNo: originalOf(values), imageDigest: values.digest },
      };
    }
    case 'authorise': {
      const values = decodeFields(BODIES.authorise.request, body);
      const { stage } = values;
      return {
        operation: 'authorise',
        request: { orderNo: originalOf(values), stage, gathered: decodeGathered(values) },
      };
    }
  }
}

/** Which of the two questions a query is. */
export function queried(body: Uint8Array): 'queryOriginal' | 'queryReversal' {
  const { businessType } = decodeFields(BODIES.query.request, body);
  if (businessType === BUSINESS_TYPES.sale) return 'queryOriginal';
  if (businessType === BUSINESS_TYPES.reversal) return 'queryReversal';
  throw malformed('businessType', 'is none that can be asked about');
}

function query(orderNo: string, businessType: string): Ask {
  return { trade: 'query', body: encodeFields(BODIES.query.request, { businessType, ...original(orderNo) }) };
}

function original(orderNo: string): { originalDate: string; originalSerial: string } {
  const { date, serial } = orderKey(orderNo);
  return { originalDate: date, originalSerial: serial };
}

function originalOf(values: { originalDate: string; originalSerial: string }): string {
  return orderNoOf({ date: values.originalDate, serial: values.originalSerial });
}

function imageOf(sealed: string, own: Sm2Private): RequestOf<'identify'>['image'] {
  return toCardImageMessage(decodeCard(openRecord(own, sealed)));
}
