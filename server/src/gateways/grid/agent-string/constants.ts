import type { GridRefusal } from '../error.ts';
import type { WireErrorCode } from '../wire/error.ts';

/**
 * Transaction codes. Operations and business types (02 sale, 03 reversal, 06 rewrite) are those of a public agent
 * system (R:wudexin/npbs `packet/business`); the six digits are our own: a province's table drops in here.
 */
export const TRADES = {
  signOn: '800000',
  identify: '800101',
  sell: '800102',
  reverse: '800103',
  /** 末笔查询: what became of an original, by its date and serial. */
  query: '800104',
  writeData: '800105',
  /** 补写: write data again, naming the grid's serial of the sale. */
  rewrite: '800106',
  identifyCustomer: '800107',
  /** 备付金查询: only where the province's table has it. */
  vendorCredit: '800108',
  /** 撤销写卡 (type 09): data that takes a sale off its card. */
  cancelPlan: '800109',
  /** 抄表: only where the province's table has it. */
  readMeter: '800110',
  returnData: '800111',
  confirmWrite: '800112',
  authorise: '800113',
  /** 费控户缴费: into an account, or a bill. */
  payAccount: '800114',
  /** 费控户查询: as `identify` and `identifyCustomer`, with the account; only where the province's table has them. */
  identifyAccount: '800115',
  customerAccount: '800116',
  /** 撤销写卡确认 (024 there): it is off, and the sale is undone. */
  confirmCancel: '800124',
} as const;
export type Trade = keyof typeof TRADES;

export function tradeOf(code: string): Trade | undefined {
  return (Object.keys(TRADES) as Trade[]).find((trade) => TRADES[trade] === code);
}

/** Business types (R:wudexin/npbs): which original a query means, and whether write data is asked for again or to take it off. */
export const BUSINESS_TYPES = { sale: '02', reversal: '03', rewrite: '06', cancel: '09' } as const;

/**
 * Response codes (R:wudexin/npbs `common/GlobalConst.java`) and what each says of what was asked. `absent` is 02 and
 * never 01: a query can overtake its original. 09 and 12 are free.
 */
const RESPONSES = {
  '00': 'done',
  '01': 'refused',
  '02': 'absent',
  /** Cancelled by the grid itself: as good as reversed. */
  '03': 'reversed',
  '04': 'reversed',
  /** Failed first, then done after all. */
  '05': 'done',
  /** The card write failed; the sale stands. */
  '06': 'done',
  '13': 'undetermined',
  /** Sold, awaiting its write. */
  '14': 'done',
  '99': 'undetermined',
} as const;
export type ResponseCode = keyof typeof RESPONSES;
export type ResponseMeaning = (typeof RESPONSES)[ResponseCode];

/** A code that is not in the table says nothing that could be relied on. */
export function meaningOf(code: string): ResponseMeaning {
  return Object.hasOwn(RESPONSES, code) ? RESPONSES[code as ResponseCode] : 'undetermined';
}

/** Business codes with response 01: why. Ours, since no public table is known. */
export const BUSINESS_CODES: Readonly<Record<GridRefusal, string>> = {
  'card-unknown': '1001',
  'card-foreign': '1002',
  'card-replaced': '1003',
  'card-damaged': '1004',
  'customer-closed': '1005',
  count: '1006',
  amount: '1007',
  'previous-not-inserted': '1008',
  duplicate: '1009',
  'not-sold': '1010',
  reversed: '1011',
  'day-cut': '1012',
  authentication: '1013',
  'vendor-credit': '1014',
  'meter-changed': '1015',
  account: '1016',
  'no-account': '1017',
  'bill-settled': '1018',
  other: '1099',
};

export function refusalOf(code: string | null): GridRefusal {
  const found = Object.entries(BUSINESS_CODES).find(([, each]) => each === code);
  return (found?.[0] as GridRefusal | undefined) ?? 'other';
}

/** Business codes of a frame that was not processed. */
export const FAULT_CODES: Readonly<Record<WireErrorCode, string>> = {
  'wire.malformed': '9001',
  'wire.agent': '9002',
  'wire.session': '9003',
  'wire.stale': '9004',
  'wire.replay': '9005',
  'wire.mac': '9006',
  'wire.signature': '9007',
};

export function faultOf(code: string | null): WireErrorCode | undefined {
  const found = Object.entries(FAULT_CODES).find(([, each]) => each === code);
  return found?.[0] as WireErrorCode | undefined;
}
