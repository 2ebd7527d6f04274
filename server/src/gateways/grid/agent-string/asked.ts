import { toHex } from '@bianmin/card/bytes/hex';
import { toCardImageMessage } from '@bianmin/card/meter-card/wire';
import type { RequestOf } from '../wire/operations.ts';
import type { Sm2Private } from '../wire/sm2.ts';
import { decodeCard } from './card-record.ts';
import { BUSINESS_TYPES, type Trade } from './constants.ts';
import { decodeFields } from './fields.ts';
import type { Head } from './frame.ts';
import { decodeGathered } from './gathered.ts';
import { malformed } from './malformed.ts';
import { orderNoOf } from './order-key.ts';
import { openRecord } from './records.ts';
import { decodeRegions } from './regions.ts';
import { BODIES } from './tables.ts';
import type { Offered } from './requests.ts';

/** A request at the grid: not yet checked against the operation's schema. */
export interface Asked {
  readonly operation: Offered;
  readonly request: unknown;
  /** The answer is to say of the account besides. */
  readonly account?: true;
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
    case 'readMeter':
      return { operation: 'readMeter', request: decodeFields(BODIES.readMeter.request, body) };
    case 'identifyAccount':
    case 'customerAccount': {
      const plain = trade === 'identifyAccount' ? 'identify' : 'identifyCustomer';
      return { ...decodeRequest(plain, head, body, own), account: true };
    }
    case 'payAccount': {
      const { billNo, ...into } = decodeFields(BODIES.payAccount.request, body);
      const request = { orderNo: orderNoOf(head), ...into, ...(billNo === '' ? {} : { billNo }) };
      return { operation: 'payAccount', request };
    }
    case 'sell': {
      const { cardSerial, ...rest } = decodeFields(BODIES.sell.request, body);
      return { operation: 'sell', request: { orderNo: orderNoOf(head), serial: cardSerial, ...rest } };
    }
    case 'vendorCredit':
      return { operation: 'vendorCredit', request: decodeFields(BODIES.vendorCredit.request, body) };
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
    case 'returnData':
      return { operation: 'returnData', request: returnDataOf(body, own) };
    case 'confirmWrite': {
      const values = decodeFields(BODIES.confirmWrite.request, body);
      return {
        operation: 'confirmWrite',
        request: { orderNo: originalOf(values), imageDigest: values.digest },
      };
    }
    case 'cancelPlan': {
      const values = decodeFields(BODIES.cancelPlan.request, body);
      if (values.businessType !== BUSINESS_TYPES.cancel) throw malformed('businessType', 'is not 09');
      const request = { orderNo: originalOf(values), image: imageOf(values.card, own) };
      return { operation: 'cancelPlan', request };
    }
    case 'confirmCancel': {
      const values = decodeFields(BODIES.confirmCancel.request, body);
      const request = { orderNo: originalOf(values), imageDigest: values.digest };
      return { operation: 'confirmCancel', request };
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

function returnDataOf(body: Uint8Array, own: Sm2Private): RequestOf<'returnData'> {
  const values = decodeFields(BODIES.returnData.request, body);
  const regions = decodeRegions(openRecord(own, values.regions)).map(({ zone, offset, data }) => ({
    zone,
    offset,
    data: toHex(data),
  }));
  return { orderNo: originalOf(values), regions };
}

/** Which of the two questions a query is. */
export function queried(body: Uint8Array): 'queryOriginal' | 'queryReversal' {
  const { businessType } = decodeFields(BODIES.query.request, body);
  if (businessType === BUSINESS_TYPES.sale) return 'queryOriginal';
  if (businessType === BUSINESS_TYPES.reversal) return 'queryReversal';
  throw malformed('businessType', 'is none that can be asked about');
}

function originalOf(values: { originalDate: string; originalSerial: string }): string {
  return orderNoOf({ date: values.originalDate, serial: values.originalSerial });
}

function imageOf(sealed: string, own: Sm2Private): RequestOf<'identify'>['image'] {
  return toCardImageMessage(decodeCard(openRecord(own, sealed)));
}
