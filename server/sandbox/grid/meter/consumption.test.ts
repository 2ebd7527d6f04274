import { describe, expect, it } from 'vitest';
import { TARIFFS } from '../tariff/tariffs.ts';
import { NEW_CONSUMPTION, alarmOf, consume, usedIn, type Consumption } from './consumption.ts';
import { cardWith, insert, meterWith } from './samples.ts';

const HOUR = 3_600_000;
const at = (beijing: string): number => Date.parse(`${beijing}+08:00`);
const START = at('2026-03-01T00:00:00');

function household(change: Partial<Consumption>): Consumption {
  return { ...NEW_CONSUMPTION, balanceFen: 10_000, tariff: TARIFFS.flat, loadW: 1000, ...change };
}

describe('a household uses electricity', () => {
  it('at a flat price, to the fen over any number of turns of the clock', () => {
    const [once, often] = [household({ loadW: 333 }), household({ loadW: 333 })];
    consume(once, { from: START, to: START + 100 * HOUR });
    for (let i = 0; i < 100; i += 1) consume(often, { from: START + i * HOUR, to: START + (i + 1) * HOUR });
    expect(often).toEqual(once);
    expect(once).toMatchObject({ usedWh: 33_300, balanceFen: 10_000 - 1665, dueMicroFen: 0 });
  });

  it('at dearer tiers the more it used, and from the first again in a new period', () => {
    const meter = household({
      tariff: TARIFFS.monthly,
      usedWh: 179_000,
      period: '2026-03',
      balanceFen: 10_000,
    });
    consume(meter, { from: at('2026-03-31T22:00:00'), to: at('2026-04-01T01:00:00') });
    // 1 kWh at 0.49, 1 kWh at 0.54, and in April 1 kWh at 0.49.
    expect(meter).toMatchObject({ balanceFen: 10_000 - 49 - 54 - 49, usedWh: 1000, period: '2026-04' });
    expect(usedIn(meter, at('2026-04-30T23:00:00'))).toBe(1000);
    expect(usedIn(meter, at('2026-05-01T00:00:00'))).toBe(0);
  });

  it('through the tiers of a year that begins on its settlement day', () => {
    const tariff = { ...TARIFFS.yearly, settlement: '07-01' };
    const meter = household({ tariff, usedWh: 2_159_000, period: '2025' });
    consume(meter, { from: at('2026-06-30T22:00:00'), to: at('2026-07-01T01:00:00') });
    // 1 kWh at 0.49, 1 kWh at 0.54, and from July 1 kWh at 0.49.
    expect(meter).toMatchObject({ balanceFen: 10_000 - 49 - 54 - 49, usedWh: 1000, period: '2026' });
  });

  it('at the price of the hour', () => {
    const meter = household({ tariff: TARIFFS.timeOfUse });
    consume(meter, { from: at('2026-03-01T07:30:00'), to: at('2026-03-01T08:30:00') });
    expect(meter.balanceFen).toBe(10_000 - 14 - 25);
  });

  it('below zero as far as the overdraft; then the relay opens and nothing flows', () => {
    const meter = household({ balanceFen: 100, overdraftLimitFen: 500 });
    consume(meter, { from: START, to: START + 100 * HOUR });
    expect(meter).toMatchObject({ balanceFen: -500, relayOpen: true, usedWh: 12_000 });
    consume(meter, { from: START + 100 * HOUR, to: START + 200 * HOUR });
    expect(meter).toMatchObject({ balanceFen: -500, usedWh: 12_000 });
  });

  it('only a part of an hour where the money ends within it', () => {
    const meter = household({ balanceFen: 25, overdraftLimitFen: 0 });
    consume(meter, { from: START, to: START + HOUR });
    expect(meter).toMatchObject({ balanceFen: 0, relayOpen: true, usedWh: 500 });
  });

  it.each([
    [2001, 0],
    [2000, 1],
    [501, 1],
    [500, 2],
    [0, 2],
    [-1, 3],
  ])('with %i fen left has alarm %i', (balanceFen, alarm) => {
    expect(alarmOf(household({ balanceFen }))).toBe(alarm);
  });
});

describe('the display', () => {
  it('warns as the balance falls, and a credit closes the relay', () => {
    const meter = meterWith({ balanceFen: 2340, loadW: 1000, overdraftLimitFen: 1000 });
    const shown: string[] = [];
    for (let i = 0; i < 100; i += 1) {
      meter.run({ from: START + i * HOUR, to: START + (i + 1) * HOUR });
      if (shown.at(-1) !== meter.state.displayEn) shown.push(meter.state.displayEn);
    }
    expect(shown.filter((text) => !text.startsWith('Overdrawn'))).toEqual([
      'Ready',
      'Low balance, first alarm',
      'Low balance, second alarm',
      'Switched off; buy electricity',
    ]);
    expect(shown).toContain('Overdrawn by 9.60 yuan');
    expect(meter.state).toMatchObject({ balanceFen: -1000, relayOpen: true });
    expect(insert(meter, cardWith('SLE4442', {}))).toMatchObject({ creditedFen: 5000, balanceFen: 4000 });
    expect(meter.state.relayOpen).toBe(false);
  });

  it('of a meter that was never opened stays', () => {
    const meter = meterWith({ opened: false, balanceFen: 0, display: '等待开户卡', loadW: 1000 });
    meter.run({ from: START, to: START + HOUR });
    expect(meter.state).toMatchObject({ balanceFen: 0, display: '等待开户卡' });
  });
});
