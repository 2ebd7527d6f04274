import { expect, it } from 'vitest';
import { configSchema } from './config.ts';

const FLOW = { merchantOfRecord: '便民公司', account: '工行 尾号 1234', licensedParty: '财付通' };
const read = (value: unknown) =>
  configSchema.shape.FUND_FLOWS.parse(typeof value === 'object' ? JSON.stringify(value) : value);

it('flows of money are read as they are configured, of some channels or none', () => {
  expect(read(undefined)).toBeUndefined();
  const flows = { commissions: 'split', channels: { wechat: FLOW, cash: FLOW } };
  expect(read(flows)).toEqual(flows);
});

it.each([
  ['a channel that is none', { commissions: 'split', channels: { cheque: FLOW } }],
  ['commissions that are paid out of others’ money', { commissions: 'netted', channels: {} }],
  ['a flow without its licensed party', { commissions: 'split', channels: { wechat: { account: 'x' } } }],
  ['what is no JSON', '{'],
])('%s is refused', (_, value) => {
  expect(() => read(value)).toThrow();
});
