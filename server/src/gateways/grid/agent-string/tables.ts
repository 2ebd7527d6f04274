import { ACCOUNT, STANDING } from './account-record.ts';
import type { Field } from './fields.ts';

/**
 * Every frame's head, both ways. Widths follow a public agent system where it has the field (user 20, meter 20,
 * count 8 to 10, amounts 10, grid serial 32; R:wudexin/npbs `packet/business`); the rest are our own.
 */
export const HEAD = [
  { name: 'version', kind: 'digits', width: 2 },
  /** Q request, A answer, N not processed. */
  { name: 'direction', kind: 'text', width: 1 },
  { name: 'trade', kind: 'digits', width: 6 },
  { name: 'agent', kind: 'text', width: 32 },
  { name: 'terminal', kind: 'text', width: 16 },
  /** With `agent` and `serial` the key of a transaction: YYYYMMDD. */
  { name: 'date', kind: 'digits', width: 8 },
  { name: 'serial', kind: 'digits', width: 12 },
  /** The sender's clock, YYYYMMDDhhmmss in Beijing. */
  { name: 'time', kind: 'digits', width: 14 },
  /** Which working key the MAC was made with; blank at sign-on. */
  { name: 'session', kind: 'hex', width: 32, optional: true },
  /** Fresh in each request; the answer repeats it. */
  { name: 'nonce', kind: 'hex', width: 32 },
  { name: 'response', kind: 'digits', width: 2, optional: true },
  { name: 'business', kind: 'digits', width: 4, optional: true },
  { name: 'remark', kind: 'text', width: 120 },
] as const satisfies readonly Field[];

const ORIGINAL = [
  { name: 'originalDate', kind: 'digits', width: 8 },
  { name: 'originalSerial', kind: 'digits', width: 12 },
] as const satisfies readonly Field[];

/** Sealed to the receiver's SM2 key: see records.ts. */
const sealed = <const N extends string>(name: N) => ({ name, kind: 'long-hex', width: 6 }) as const;

const MONEY = { kind: 'number', width: 10 } as const;
const COUNT = { kind: 'number', width: 10 } as const;

const SALE = [
  /** Whose sale it is. */
  ...ORIGINAL,
  { name: 'gridSerial', kind: 'text', width: 32 },
  { name: 'count', ...COUNT },
  { name: 'faceFen', ...MONEY },
  { name: 'creditFen', ...MONEY },
  { name: 'arrearsFen', ...MONEY },
  { name: 'feeFen', ...MONEY },
] as const satisfies readonly Field[];

const CUSTOMER = [
  { name: 'customerNo', kind: 'text', width: 20 },
  { name: 'customerName', kind: 'text', width: 64 },
  { name: 'address', kind: 'text', width: 128 },
  { name: 'meterNo', kind: 'text', width: 20 },
  { name: 'chip', kind: 'text', width: 12 },
  { name: 'cardSerial', kind: 'hex', width: 16 },
  { name: 'soldCount', ...COUNT },
  /** Blank where the question was not about a card. */
  { name: 'cardCount', ...COUNT, optional: true },
  { name: 'creditedCount', ...COUNT, optional: true },
  /** 1: every purchase so far is proven to be in the meter. */
  { name: 'inserted', kind: 'number', width: 1 },
  { name: 'balanceFen', kind: 'signed', width: 11, optional: true },
  /** The meter's time, YYYYMMDDhhmmss in Beijing. */
  { name: 'balanceTime', kind: 'digits', width: 14, optional: true },
  { name: 'arrearsFen', ...MONEY },
  { name: 'minFen', ...MONEY },
  { name: 'maxFen', ...MONEY },
] as const satisfies readonly Field[];

const WRITE_DATA = [
  { name: 'businessType', kind: 'digits', width: 2 },
  ...ORIGINAL,
  /** Of the sale; must be given for a rewrite. */
  { name: 'gridSerial', kind: 'text', width: 32 },
  sealed('card'),
] as const satisfies readonly Field[];

const PLAN = [sealed('plan')] as const satisfies readonly Field[];
const NONE = [] as const satisfies readonly Field[];

/** Bodies by transaction. An answer has one only where what was asked is done. */
export const BODIES = {
  signOn: {
    request: NONE,
    answer: [
      { name: 'session', kind: 'hex', width: 32 },
      /** Working key, 32 bytes, wrapped to the agent's SM2 key. */
      sealed('key'),
      { name: 'expires', kind: 'digits', width: 14 },
    ],
  },
  identify: { request: [sealed('card')], answer: CUSTOMER },
  identifyCustomer: { request: [{ name: 'customerNo', kind: 'text', width: 20 }], answer: CUSTOMER },
  readMeter: {
    request: [
      { name: 'customerNo', kind: 'text', width: 20 },
      { name: 'meterNo', kind: 'text', width: 20 },
    ],
    answer: [
      { name: 'meterNo', kind: 'text', width: 20 },
      /** Blank: the meter said nothing. */
      { name: 'count', ...COUNT, optional: true },
      { name: 'balanceFen', kind: 'signed', width: 11, optional: true },
      { name: 'readTime', kind: 'digits', width: 14, optional: true },
    ],
  },
  /** The customer, as above, then the account; its bills follow. */
  identifyAccount: { request: [sealed('card')], answer: [...CUSTOMER, ...ACCOUNT] },
  customerAccount: {
    request: [{ name: 'customerNo', kind: 'text', width: 20 }],
    answer: [...CUSTOMER, ...ACCOUNT],
  },
  payAccount: {
    request: [
      { name: 'customerNo', kind: 'text', width: 20 },
      { name: 'meterNo', kind: 'text', width: 20 },
      { name: 'faceFen', ...MONEY },
      /** Blank: into the account. */
      { name: 'billNo', kind: 'text', width: 32 },
    ],
    answer: [...SALE, ...STANDING],
  },
  sell: {
    request: [
      { name: 'customerNo', kind: 'text', width: 20 },
      { name: 'meterNo', kind: 'text', width: 20 },
      { name: 'cardSerial', kind: 'hex', width: 16 },
      { name: 'faceFen', ...MONEY },
      { name: 'count', ...COUNT },
    ],
    answer: SALE,
  },
  vendorCredit: {
    request: NONE,
    answer: [
      /** Blank: it bounds nothing. */
      { name: 'availableFen', kind: 'number', width: 15, optional: true },
      { name: 'asOf', kind: 'digits', width: 14 },
      /** 1: a batch is open. */
      { name: 'batchOpen', kind: 'number', width: 1 },
    ],
  },
  query: { request: [{ name: 'businessType', kind: 'digits', width: 2 }, ...ORIGINAL], answer: SALE },
  reverse: { request: [...ORIGINAL, { name: 'reason', kind: 'text', width: 64 }], answer: NONE },
  writeData: { request: WRITE_DATA, answer: PLAN },
  rewrite: { request: WRITE_DATA, answer: PLAN },
  cancelPlan: {
    request: [{ name: 'businessType', kind: 'digits', width: 2 }, ...ORIGINAL, sealed('card')],
    answer: PLAN,
  },
  confirmCancel: { request: [...ORIGINAL, { name: 'digest', kind: 'text', width: 64 }], answer: NONE },
  returnData: { request: [...ORIGINAL, sealed('regions')], answer: NONE },
  confirmWrite: { request: [...ORIGINAL, { name: 'digest', kind: 'text', width: 64 }], answer: NONE },
  authorise: {
    request: [
      ...ORIGINAL,
      { name: 'stage', kind: 'number', width: 1 },
      /** The card's challenge of 8 bytes, where it gave one. */
      { name: 'random', kind: 'hex', width: 16, optional: true },
      { name: 'gathered', kind: 'long-hex', width: 6 },
    ],
    answer: PLAN,
  },
} as const satisfies Record<string, { request: readonly Field[]; answer: readonly Field[] }>;
