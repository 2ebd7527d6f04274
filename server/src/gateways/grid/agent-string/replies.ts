import type { GridSale } from '../contract.ts';
import type { AnswerBody, AnswerOf } from '../wire/operations.ts';
import type { WritePlan } from '@bianmin/card/meter-card/plan';
import { GridError } from '../error.ts';
import { unverifiable } from '../failures.ts';
import type { Sm2Private, Sm2Public } from '../wire/sm2.ts';
import { BUSINESS_CODES, meaningOf, refusalOf, type ResponseCode } from './constants.ts';
import { decodeFields, encodeFields, takeFields, widthOf } from './fields.ts';
import { decodeAccount, decodeStanding, encodeAccount, encodeStanding } from './account-record.ts';
import { gbkFit } from './gbk.ts';
import { orderKey, orderNoOf } from './order-key.ts';
import { decodePlan, encodePlan } from './plan-record.ts';
import { decodeMeterReading, encodeMeterReading } from './meter-reading-record.ts';
import { openRecord, sealRecord } from './records.ts';
import { decodeVendorCredit, encodeVendorCredit } from './vendor-credit-record.ts';
import type { Offered } from './requests.ts';
import { BODIES } from './tables.ts';
import { digitsOfIso, isoOf } from './times.ts';

/** An answer as it goes into a frame. */
export interface Reply {
  readonly response: string | null;
  readonly business: string | null;
  readonly remark: string;
  readonly body: Uint8Array;
}

const NOTHING = new Uint8Array(0);
const REMARK_BYTES = 120;
/** Longest reason that the contract takes. */
const REASON_CHARACTERS = 64;

/**
 * The grid's answer in this profile's words. `written`: the sale's plan went out. `account`: what is said of the customer's
 * account was asked for. Write data is sealed to `to`.
 */
export function encodeReply(
  operation: Offered,
  answer: AnswerBody,
  { to, written, account = false }: { to: Sm2Public; written: boolean; account?: boolean },
): Reply {
  if (answer.result === 'refused') {
    const { refusal, message } = answer;
    if (refusal === 'not-sold') return reply('02', { remark: message });
    if (refusal === 'reversed') return reply('04', { remark: message });
    return reply('01', { business: BUSINESS_CODES[refusal], remark: message });
  }
  const sold: ResponseCode = written ? '00' : '14';
  switch (operation) {
    case 'identify':
    case 'identifyCustomer':
      // A fact of the contract that this profile has no field for.
      if ((answer.data as AnswerOf<'identify'>).ofFormerMeter === true) {
        return reply('01', { business: BUSINESS_CODES['meter-changed'] });
      }
      return reply('00', { body: encodeCustomer(answer.data as AnswerOf<'identify'>, account) });
    case 'payAccount': {
      const paid = answer.data as AnswerOf<'payAccount'>;
      return reply('00', { body: Buffer.concat([encodeSale(paid), encodeStanding(paid)]) });
    }
    case 'sell':
      return reply(sold, { body: encodeSale(answer.data as GridSale) });
    case 'queryOriginal': {
      const found = answer.data as AnswerOf<'queryOriginal'>;
      if (found.status === 'sold') return reply(sold, { body: encodeSale(found.sale) });
      if (found.status === 'reversed') return reply('04');
      if (found.status === 'not-found') return reply('02');
      return reply('01', { business: BUSINESS_CODES[found.reason as keyof typeof BUSINESS_CODES] ?? null });
    }
    case 'queryReversal': {
      const { status } = answer.data as AnswerOf<'queryReversal'>;
      return reply(status === 'reversed' ? '04' : status === 'refused' ? '01' : '02');
    }
    case 'confirmCancel':
    case 'reverse': {
      const { status, reason } = answer.data as AnswerOf<'reverse'>;
      if (status === 'reversed') return reply('04');
      return reply('01', { business: BUSINESS_CODES.other, remark: reason ?? '' });
    }
    case 'writePlan':
    case 'cancelPlan':
    case 'authorise':
      return reply('00', {
        body: encodeFields(BODIES.authorise.answer, {
          plan: sealRecord(to, encodePlan(answer.data as WritePlan)),
        }),
      });
    case 'readMeter':
      return reply('00', { body: encodeMeterReading(answer.data as AnswerOf<'readMeter'>) });
    case 'vendorCredit':
      return reply('00', { body: encodeVendorCredit(answer.data as AnswerOf<'vendorCredit'>) });
    case 'returnData':
    case 'confirmWrite':
      return reply('00');
  }
}

/**
 * What the grid's answer says, for the operation's own schema to check. Fails with `grid.refused`, with
 * `grid.unknown` where the grid itself does not know, and with `wire.malformed`.
 */
export function decodeReply(operation: Offered, reply: Reply, own: Sm2Private): unknown {
  const meaning = meaningOf(reply.response ?? '');
  if (meaning === 'undetermined') throw unverifiable('The grid says itself that it does not know.');
  switch (operation) {
    case 'queryOriginal':
      if (meaning === 'absent') return { status: 'not-found' };
      if (meaning === 'reversed') return { status: 'reversed' };
      if (meaning === 'refused') return { status: 'rejected', reason: refusalOf(reply.business) };
      return { status: 'sold', sale: decodeSale(reply.body) };
    case 'queryReversal':
      if (meaning === 'done') throw unverifiable('The grid says of a reversal what only a sale can be.');
      return { status: meaning === 'absent' ? 'not-found' : meaning };
    case 'confirmCancel':
    case 'reverse':
      if (meaning === 'refused') {
        return { status: 'refused', reason: reply.remark.slice(0, REASON_CHARACTERS) };
      }
      if (meaning === 'absent') throw unverifiable('The grid left no tombstone.');
      return { status: 'reversed' };
    case 'sell':
      refuseUnlessDone(operation, meaning, reply);
      return decodeSale(reply.body);
    case 'payAccount':
      refuseUnlessDone(operation, meaning, reply);
      return decodeAccountSale(reply.body);
    case 'identify':
    case 'identifyCustomer':
      refuseUnlessDone(operation, meaning, reply);
      return decodeCustomer(reply.body);
    case 'readMeter':
      refuseUnlessDone(operation, meaning, reply);
      return decodeMeterReading(reply.body);
    case 'vendorCredit':
      refuseUnlessDone(operation, meaning, reply);
      return decodeVendorCredit(reply.body);
    case 'writePlan':
    case 'cancelPlan':
    case 'authorise':
      refuseUnlessDone(operation, meaning, reply);
      return decodePlan(openRecord(own, decodeFields(BODIES.authorise.answer, reply.body).plan));
    case 'returnData':
    case 'confirmWrite':
      refuseUnlessDone(operation, meaning, reply);
      return {};
  }
}

function reply(
  response: ResponseCode,
  more: { business?: string | null; remark?: string; body?: Uint8Array } = {},
): Reply {
  const { business = null, remark = '', body = NOTHING } = more;
  return { response, business, remark: gbkFit(remark, REMARK_BYTES), body };
}

function refuseUnlessDone(operation: Offered, meaning: string, { business, remark }: Reply): void {
  if (meaning === 'done') return;
  const refusal =
    meaning === 'absent' ? 'not-sold' : meaning === 'reversed' ? 'reversed' : refusalOf(business);
  throw new GridError({
    code: 'grid.refused',
    refusal,
    message: remark === '' ? 'The grid refused.' : remark,
    context: { operation, refusal },
  });
}

function encodeSale(sale: GridSale): Buffer {
  const { saleNo, orderNo, count, faceFen, creditFen, arrearsFen, feeFen } = sale;
  const { date, serial } = orderKey(orderNo);
  return encodeFields(BODIES.sell.answer, {
    originalDate: date,
    originalSerial: serial,
    gridSerial: saleNo,
    ...{ count, faceFen, creditFen, arrearsFen, feeFen },
  });
}

function decodeSale(body: Uint8Array): unknown {
  const { originalDate, originalSerial, gridSerial, ...sums } = decodeFields(BODIES.sell.answer, body);
  return {
    saleNo: gridSerial,
    orderNo: orderNoOf({ date: originalDate, serial: originalSerial }),
    ...sums,
  };
}

function decodeAccountSale(body: Uint8Array): unknown {
  const length = widthOf(BODIES.sell.answer);
  const sale = decodeSale(body.subarray(0, length)) as object;
  return { ...sale, account: decodeStanding(body.subarray(length)) };
}

/** A name that is too long, or has letters that GBK has not, arrives cut or with question marks: never the numbers. */
function encodeCustomer(card: AnswerOf<'identifyCustomer'> | AnswerOf<'identify'>, account: boolean): Buffer {
  const customer = encodeFields(BODIES.identify.answer, {
    customerNo: card.customerNo,
    customerName: gbkFit(card.customerName, 64),
    address: gbkFit(card.address, 128),
    meterNo: card.meterNo,
    chip: card.chip,
    cardSerial: card.serial,
    soldCount: card.soldCount,
    cardCount: 'cardCount' in card ? card.cardCount : null,
    creditedCount: card.creditedCount,
    inserted: card.previousInserted ? 1 : 0,
    balanceFen: card.balanceFen,
    balanceTime: card.balanceAt === null ? null : digitsOfIso(card.balanceAt),
    arrearsFen: card.arrearsFen,
    minFen: card.minFen,
    maxFen: card.maxFen,
  });
  return account ? Buffer.concat([customer, encodeAccount(card)]) : customer;
}

/**
 * This profile knows no credit from afar, reads no meter, and tells no ceiling, no holder and no exchanged meter: the former one's
 * card is refused. Accounts follow where they were asked for.
 */
function decodeCustomer(body: Uint8Array): unknown {
  const { values, rest: account } = takeFields(BODIES.identify.answer, body);
  const { cardSerial, inserted, balanceTime, cardCount, ...rest } = values;
  return {
    ...rest,
    ...(account.length === 0 ? {} : decodeAccount(account)),
    ...(cardCount === null ? {} : { cardCount }),
    serial: cardSerial,
    previousInserted: inserted === 1,
    balanceAt: balanceTime === null ? null : isoOf(balanceTime),
    balanceLive: false,
    ceilingFen: null,
    remote: false,
  };
}
