import { describe, expect, it } from 'vitest';
import { METER_CARDS, METER_FILES } from '@bianmin/card/testing/meter-files';
import { decodeReturnData, isBlank } from '@bianmin/card/testing/meter-layout';
import type { SimulatedCard } from '@bianmin/card/testing/simulated-card';
import { MeterFault } from './card-access.ts';
import { beijingMinute } from './beijing-minute.ts';
import {
  CUSTOMER_NO,
  OPENING,
  SERIAL,
  UNOPENED,
  bytesAt,
  cardWith,
  factory,
  insert,
  meterWith,
  parameters,
} from './samples.ts';

describe.each(METER_CARDS)('a meter and a %s card', (chip) => {
  it('credits a purchase once, however often it is inserted', () => {
    const meter = meterWith({});
    const card = cardWith(chip, {});
    const credits = [1, 2, 3].map(() => insert(meter, card).creditedFen);
    expect(credits).toEqual([5000, 0, 0]);
    expect(meter.state).toMatchObject({ count: 4, balanceFen: 7340, creditedFen: 5000 });
  });

  it('credits a purchase once, from card or copy', () => {
    const meter = meterWith({});
    const card = cardWith(chip, {});
    const copy = factory.restore(card.snapshot());
    expect([insert(meter, card).creditedFen, insert(meter, copy).creditedFen]).toEqual([5000, 0]);
  });

  it('opens for the customer and the serial of its opening card', () => {
    const meter = meterWith(UNOPENED);
    insert(meter, cardWith(chip, { ...OPENING, count: 1 }));
    expect(meter.state).toMatchObject({ opened: true, customerNo: CUSTOMER_NO, count: 1, balanceFen: 5000 });
    expect(meter.state.serial).toBe(Buffer.from(SERIAL).toString('hex').toUpperCase());
  });

  it('counts the cards of others, and says so in its return data', () => {
    const meter = meterWith({});
    insert(meter, cardWith(chip, parameters({ meterNo: '000026009999' })));
    const card = cardWith(chip, {});
    insert(meter, card);
    expect(decodeReturnData(bytesAt(card, 'returnData'))?.illegalCards).toBe(1);
  });

  it('pulled at any EEPROM operation of the return file: credited once, and error 20', () => {
    for (let cutAt = 0; ; cutAt += 1) {
      const meter = meterWith({});
      const card = cardWith(chip, {});
      let operation = 0;
      card.cutHook = ({ memory }) => memory === METER_FILES[chip].returnData.zone && operation++ === cutAt;
      const first = insert(meter, card);
      card.cutHook = undefined;
      if (first.error === null) {
        expect(cutAt).toBeGreaterThan(20);
        return;
      }
      expect(first).toMatchObject({ error: 20, creditedFen: 5000 });
      expect(insert(meter, card)).toMatchObject({ error: null, creditedFen: 0 });
      expect(meter.state).toMatchObject({ count: 4, balanceFen: 7340 });
      expect(isBlank(bytesAt(card, 'returnData'))).toBe(false);
    }
  });

  it('damaged parameter file: 14, nothing written', () => {
    const card = cardWith(chip, {});
    const file = bytesAt(card, 'parameters');
    file[31] = (file[31] ?? 0) ^ 0x40;
    expect(insert(meterWith({}), card)).toMatchObject({ error: 14, creditedFen: 0 });
    expect(isBlank(bytesAt(card, 'returnData'))).toBe(true);
  });

  it('never issued: 7', () => {
    const card = cardWith(chip, {});
    bytesAt(card, 'parameters').fill(0);
    expect(insert(meterWith({}), card)).toMatchObject({ error: 7, creditedFen: 0 });
  });
});

describe('an SLE4442 in a meter', () => {
  it('with a purse that its MAC does not cover: 10', () => {
    const card = cardWith('SLE4442', {});
    const purse = bytesAt(card, 'purse');
    purse[3] = (purse[3] ?? 0) ^ 1;
    expect(insert(meterWith({}), card)).toMatchObject({ error: 10, creditedFen: 0 });
  });

  it.each([
    [0, 9],
    [1, 9],
  ])('with %i tries left is not asked for its code: %i', (triesLeft, error) => {
    const card = cardWith('SLE4442', { triesLeft });
    expect(insert(meterWith({}), card)).toMatchObject({ error, creditedFen: 0 });
    expect(card.tries[0]?.left).toBe(triesLeft);
  });

  it('with two tries left is written, and has three again', () => {
    const card = cardWith('SLE4442', { triesLeft: 2 });
    expect(insert(meterWith({}), card)).toMatchObject({ error: null, creditedFen: 5000 });
    expect(card.tries[0]?.left).toBe(3);
  });

  it('with a foreign code: 6, nothing credited', () => {
    const card = cardWith('SLE4442', {});
    const { state } = card.snapshot();
    const foreign = factory.restore({ chip: 'SLE4442', state: { ...state, code: 'ABCDEF' } });
    expect(insert(meterWith({}), foreign)).toMatchObject({ error: 6, creditedFen: 0 });
  });

  it('copied onto a card with another serial: 13', () => {
    const card = cardWith('SLE4442', {});
    const { state } = card.snapshot();
    const main = `${String(state['main']).slice(0, 30)}99${String(state['main']).slice(32)}`;
    const forged = factory.restore({ chip: 'SLE4442', state: { ...state, main } });
    expect(insert(meterWith({}), forged)).toMatchObject({ error: 13, creditedFen: 0 });
  });
});

describe('a CPU card in a meter', () => {
  const withKey = (name: string): SimulatedCard => {
    const { state } = cardWith('CPU', {}).snapshot();
    return factory.restore({ chip: 'CPU', state: { ...state, [`key ${name}`]: '00'.repeat(16) } });
  };

  it.each([
    ['internal', 5, 0],
    ['external', 6, 0],
    ['mac', 10, 5000],
  ])('with a wrong %s key: %i', (key, error, creditedFen) => {
    expect(insert(meterWith({}), withKey(key))).toMatchObject({ error, creditedFen });
  });

  it('with a blocked external key: 9', () => {
    const { state } = cardWith('CPU', {}).snapshot();
    const card = factory.restore({ chip: 'CPU', state: { ...state, externalTries: 0 } });
    expect(insert(meterWith({}), card)).toMatchObject({ error: 9, creditedFen: 0 });
  });
});

it('a card that does not answer: 4', () => {
  const meter = meterWith({});
  expect(
    meter.insert(() => {
      throw new MeterFault(4);
    }),
  ).toMatchObject({ error: 4, creditedFen: 0, balanceFen: 2340 });
});

it('keeps Beijing time', () => {
  expect(beijingMinute(Date.UTC(2025, 11, 31, 16, 0))).toBe('2601010000');
});
