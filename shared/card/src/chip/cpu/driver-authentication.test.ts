import { describe, expect, it } from 'vitest';
import { tripleDes } from '../../testing/node/triple-des.ts';
import { authenticate, driverRig, type DriverRig } from '../../testing/chips/cpu/rig.ts';
import { D1 } from './dialects.ts';
import { type CpuDialect } from './dialect.ts';

const rigOf = (dialect: CpuDialect): DriverRig => driverRig({ cipher: tripleDes, dialect });

describe('external authentication', () => {
  const telling: CpuDialect = { ...D1, tellsTries: true };
  const wrong = new Uint8Array(8);

  it('that is refused loses a try and says how many are left; a right one gives all back', async () => {
    const { card, driver } = rigOf(D1);
    await driver.select('df01');
    await driver.challenge(8);
    const refusal = { code: 'chip.code-wrong', context: { triesLeft: 7 } };
    await expect(driver.externalAuthenticate(wrong)).rejects.toMatchObject(refusal);
    expect(await driver.externalTries()).toBe(7);
    await authenticate(driver, tripleDes);
    expect(card.tries).toEqual([{ left: 8, full: 8 }]);
    expect(await driver.externalTries()).toBeUndefined();
  });

  it.each(['T0', 'T1'] as const)(
    'tells its tries without burning one, where cards are known to (%s)',
    async (protocol) => {
      const { card, driver } = driverRig({ cipher: tripleDes, dialect: telling, line: { protocol } });
      await driver.select('df01');
      for (const left of [8, 5, 2]) {
        card.setTriesLeft(left);
        expect(await driver.externalTries()).toBe(left);
        expect(card.tries[0]?.left).toBe(left);
      }
    },
  );

  it('is not asked where cards are not known to answer', async () => {
    const { driver, sent } = rigOf(D1);
    await driver.externalTries();
    expect(sent()).toEqual([]);
  });

  it('never uses the last try', async () => {
    const { card, driver, sent } = rigOf(telling);
    await driver.select('df01');
    for (const [left, code] of [
      [1, 'chip.too-few-tries'],
      [0, 'chip.locked'],
    ] as const) {
      card.setTriesLeft(left);
      await driver.challenge(8);
      sent();
      await expect(driver.externalAuthenticate(wrong)).rejects.toMatchObject({ code });
      expect(sent().filter((apdu) => apdu.length > 8)).toEqual([]);
      expect(card.tries[0]?.left).toBe(left);
    }
  });

  it('stops before the last try by what refusals told, where the card cannot be asked', async () => {
    const { card, driver } = rigOf(D1);
    await driver.select('df01');
    for (let left = 7; left >= 1; left--) {
      await driver.challenge(8);
      await expect(driver.externalAuthenticate(wrong)).rejects.toMatchObject({
        context: { triesLeft: left },
      });
    }
    await driver.challenge(8);
    await expect(driver.externalAuthenticate(wrong)).rejects.toMatchObject({ code: 'chip.too-few-tries' });
    expect(card.tries[0]?.left).toBe(1);
  });

  it('needs a challenge of its own', async () => {
    const { driver } = rigOf(D1);
    await driver.select('df01');
    await expect(driver.externalAuthenticate(wrong)).rejects.toMatchObject({ context: { sw: '6984' } });
  });
});
