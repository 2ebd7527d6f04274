/** What a rule does once its time is over: the document goes, personal data in it goes, or nothing does. */
type RetentionAction = 'remove' | 'blank' | 'keep';

/**
 * What is kept how long, as data. `days` counts from what `from` names. No lawyer has looked at this list (docs/privacy.md
 * says so too): the grounds are where an operator's own must begin.
 */
export interface RetentionRule {
  readonly id: string;
  readonly action: RetentionAction;
  readonly days: number | null;
  readonly from: 'expiry' | 'made' | null;
  /** As the law is cited; PIPL is 个人信息保护法. */
  readonly ground: string;
}

const YEAR = 365;
const NO_PURPOSE = 'PIPL Art. 19, 47(1): its purpose is over';
/** 电子商务法 Art. 31: three years from the end of a transaction, at least. */
export const TRANSACTION_DAYS = 3 * YEAR + 1;
const TRANSACTION = '电子商务法 Art. 31: three years from the end of the transaction; then PIPL Art. 19';

export const RETENTION_RULES = [
  { id: 'phone-sessions', action: 'remove', days: 0, from: 'expiry', ground: NO_PURPOSE },
  { id: 'phone-bindings', action: 'remove', days: 0, from: 'expiry', ground: NO_PURPOSE },
  { id: 'box-bindings', action: 'remove', days: 0, from: 'expiry', ground: NO_PURPOSE },
  {
    ...{ id: 'consents', action: 'remove', days: 62, from: 'expiry' },
    ground:
      'PIPL Art. 19: two months more, in which a household may ask, and a next consent goes on with the month',
  },
  { id: 'one-time-codes', action: 'remove', days: 0, from: 'expiry', ground: NO_PURPOSE },
  { id: 'staff-sessions', action: 'remove', days: 0, from: 'expiry', ground: NO_PURPOSE },
  { id: 'household-files', action: 'remove', days: 0, from: 'expiry', ground: NO_PURPOSE },
  { id: 'order-names', action: 'blank', days: TRANSACTION_DAYS, from: 'made', ground: TRANSACTION },
  { id: 'replacement-names', action: 'blank', days: TRANSACTION_DAYS, from: 'made', ground: TRANSACTION },
  { id: 'complaint-words', action: 'blank', days: TRANSACTION_DAYS, from: 'made', ground: TRANSACTION },
  {
    ...{ id: 'orders', action: 'keep', days: null, from: null },
    ground: '会计档案管理办法 Art. 14: vouchers, thirty years (sums, numbers and meters, without names)',
  },
  {
    ...{ id: 'books', action: 'keep', days: null, from: null },
    ground: '会计档案管理办法 Art. 14: books, thirty years; they hold no names',
  },
  {
    ...{ id: 'invoices', action: 'keep', days: null, from: null },
    ground: '发票管理办法: stubs are kept five years at least; titles stay sealed',
  },
  {
    ...{ id: 'audit', action: 'keep', days: null, from: null },
    ground: '网络安全法 Art. 21(3): six months at least; a chain that loses an entry proves nothing',
  },
] as const satisfies readonly RetentionRule[];

export type RuleId = (typeof RETENTION_RULES)[number]['id'];
