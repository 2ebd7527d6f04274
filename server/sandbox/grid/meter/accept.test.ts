import { describe, expect, it } from 'vitest';
import { METER_CARDS, blankReturnData } from '@bianmin/card/testing/meter-files';
import { decodeReturnData, isBlank } from '@bianmin/card/testing/meter-layout';
import { ACCEPTANCE } from './accept.ts';
import { METER_NO, SERIAL, bytesAt, cardWith, insert, meterWith, parameters } from './samples.ts';
import { TABLE } from './acceptance-rows.ts';

describe.each(METER_CARDS)('the acceptance table, with a %s card', (chip) => {
  it.each(TABLE)('%s', (_, cardChange, meterChange, expected) => {
    const meter = meterWith(meterChange);
    const card = cardWith(chip, cardChange);
    const before = bytesAt(card, 'returnData').slice();
    const balance = meter.state.balanceFen;
    const result = insert(meter, card);
    expect({ credit: result.creditedFen, error: result.error }).toEqual({
      credit: expected.credit,
      error: expected.error,
    });
    expect(meter.state.balanceFen).toBe(balance + expected.credit);
    if (!expected.writeBack) {
      expect(bytesAt(card, 'returnData')).toEqual(before);
      return;
    }
    expect(decodeReturnData(bytesAt(card, 'returnData'))).toMatchObject({
      meterNo: METER_NO,
      count: meter.state.count,
      remainingFen: Math.max(0, meter.state.balanceFen),
      overdraftFen: Math.max(0, -meter.state.balanceFen),
      writtenAt: '2603011230',
    });
  });
});

it('each row of the acceptance table decides in some test', () => {
  const hit = new Set<string>();
  for (const [, card, meter] of TABLE) {
    const { state } = meterWith(meter);
    const spec = {
      ...parameters({}),
      serial: SERIAL,
      amountFen: 5000,
      count: 4,
      returnData: blankReturnData('SLE4442'),
      ...card,
    };
    const contents = {
      issued: true,
      wellFormed: true,
      type: spec.parameters?.cardType ?? 0,
      meterNo: spec.parameters?.meterNo ?? '',
      customerNo: spec.parameters?.customerNo ?? '',
      serial: Buffer.from(spec.serial).toString('hex').toUpperCase(),
      amountFen: spec.amountFen,
      count: spec.count,
      macValid: true,
      alarms: null,
      returnEmpty: isBlank(spec.returnData),
    };
    const row = ACCEPTANCE.find(({ holds }) => holds(contents, state));
    if (row !== undefined) hit.add(row.when);
  }
  const elsewhere = ['never issued', 'parameter file not well formed', 'purse not authentic, or torn'];
  expect(new Set([...hit, ...elsewhere])).toEqual(new Set(ACCEPTANCE.map(({ when }) => when)));
});
