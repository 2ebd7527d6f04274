import { describe, expect, it } from 'vitest';
import { GRID_REFUSALS, GridError } from '../error.ts';
import { WIRE_FAULTS } from '../wire/error.ts';
import { OPERATIONS } from '../wire/operations.ts';
import { generateSm2Keys, sm2Private, sm2Public } from '../wire/sm2.ts';
import { BUSINESS_CODES, FAULT_CODES, faultOf, refusalOf, TRADES, tradeOf, type Trade } from './constants.ts';
import { decodeReply, encodeReply, type Reply } from './replies.ts';

const KEYS = generateSm2Keys();
const own = sm2Private(KEYS.privateKey);
const to = sm2Public(KEYS.publicKey);
const ORDER = '260115100000000001';
const sale = {
  saleNo: 'S1',
  orderNo: ORDER,
  count: 4,
  faceFen: 5000,
  creditFen: 4900,
  arrearsFen: 100,
  feeFen: 0,
};
const body = encodeReply('sell', { result: 'ok', data: sale }, { to, written: false }).body;
const said = (response: string, business: string | null = null): Reply => ({
  response,
  business,
  remark: '',
  body: ['00', '05', '06', '14'].includes(response) ? body : new Uint8Array(0),
});
type Asked = Parameters<typeof decodeReply>[0];
const outcome = (operation: Asked, reply: Reply): unknown => {
  try {
    return decodeReply(operation, reply, own);
  } catch (error) {
    return error instanceof GridError ? [error.code, error.refusal].filter(Boolean).join(' ') : error;
  }
};

describe('a response code', () => {
  it.each([
    ['sell', '00', sale],
    ['sell', '14', sale],
    ['sell', '05', sale],
    ['sell', '01', 'grid.refused amount'],
    ['sell', '04', 'grid.refused reversed'],
    ['sell', '13', 'grid.unknown'],
    ['sell', '99', 'grid.unknown'],
    ['sell', '77', 'grid.unknown'],
    ['queryOriginal', '00', { status: 'sold', sale }],
    ['queryOriginal', '06', { status: 'sold', sale }],
    ['queryOriginal', '14', { status: 'sold', sale }],
    ['queryOriginal', '01', { status: 'rejected', reason: 'amount' }],
    ['queryOriginal', '02', { status: 'not-found' }],
    ['queryOriginal', '03', { status: 'reversed' }],
    ['queryOriginal', '04', { status: 'reversed' }],
    ['queryOriginal', '99', 'grid.unknown'],
    ['queryReversal', '04', { status: 'reversed' }],
    ['queryReversal', '01', { status: 'refused' }],
    ['queryReversal', '02', { status: 'not-found' }],
    ['queryReversal', '00', 'grid.unknown'],
    ['queryReversal', '99', 'grid.unknown'],
    ['reverse', '04', { status: 'reversed' }],
    ['reverse', '01', { status: 'refused', reason: '' }],
    ['reverse', '02', 'grid.unknown'],
    ['reverse', '99', 'grid.unknown'],
    ['confirmWrite', '00', {}],
    ['confirmWrite', '02', 'grid.refused not-sold'],
    ['writePlan', '02', 'grid.refused not-sold'],
    ['writePlan', '04', 'grid.refused reversed'],
    ['identify', '01', 'grid.refused amount'],
  ] as const)('to %s of %s says %j', (operation, response, expected) => {
    expect(outcome(operation, said(response, '1007'))).toEqual(expected);
  });

  it('14 is a sale that awaits its write, 00 one whose write data went out', () => {
    const answer = { result: 'ok', data: sale } as const;
    expect(encodeReply('sell', answer, { to, written: false }).response).toBe('14');
    expect(encodeReply('sell', answer, { to, written: true }).response).toBe('00');
  });
});

describe('a business code', () => {
  it.each(GRID_REFUSALS)('stands for %s and nothing else', (refusal) => {
    expect(refusalOf(BUSINESS_CODES[refusal])).toBe(refusal);
  });

  it('that is not known is "other"', () => {
    expect(refusalOf('7777')).toBe('other');
    expect(refusalOf(null)).toBe('other');
  });

  it.each(WIRE_FAULTS)('of a frame not processed says %s', (fault) => {
    expect(faultOf(FAULT_CODES[fault])).toBe(fault);
    expect(faultOf('1007')).toBeUndefined();
  });

  it.each(Object.keys(TRADES) as Trade[])('of transaction %s is its own', (trade) => {
    expect(tradeOf(TRADES[trade])).toBe(trade);
    expect(TRADES[trade]).toMatch(/^\d{6}$/);
  });
});

describe('a customer', () => {
  const customer = {
    customerNo: '0012345678',
    customerName: '阿依古丽·买买提',
    address: '乌鲁木齐市',
    meterNo: '000000000017',
    chip: 'CPU',
    serial: 'AB'.repeat(8),
    soldCount: 7,
    creditedCount: null,
    previousInserted: false,
    balanceFen: -1250,
    balanceAt: '2026-01-15T10:00:00+08:00',
    balanceLive: false,
    ceilingFen: null,
    arrearsFen: 0,
    minFen: 100,
    maxFen: 50_000,
  } as const;
  const back = (operation: 'identify' | 'identifyCustomer', data: object): unknown =>
    outcome(operation, encodeReply(operation, { result: 'ok', data }, { to, written: false }));

  it('comes back as the grid has it, never to be credited from afar, with no reading and no ceiling', () => {
    const known = { ...customer, balanceLive: true, ceilingFen: 100_000, remote: true };
    const found = back('identifyCustomer', known);
    expect(found).toEqual({ ...customer, remote: false });
    expect(OPERATIONS.identifyCustomer.answer.safeParse(found).success).toBe(true);
  });

  it('with a card has its count', () => {
    expect(back('identify', { ...customer, cardCount: 7 })).toMatchObject({ cardCount: 7 });
  });

  it('whose name GBK cannot write has every number right', () => {
    const data = { ...customer, customerName: 'ئايگۈل', balanceFen: null, balanceAt: null };
    expect(back('identifyCustomer', data)).toMatchObject({ customerName: '??????', meterNo: '000000000017' });
  });
});
