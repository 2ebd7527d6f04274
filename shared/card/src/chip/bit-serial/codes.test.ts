import { describe, expect, it } from 'vitest';
import { fromHex as bytes } from '../../bytes/hex.ts';
import { AT88SC102, AT88SC102_REV_1999 } from './tables/at88sc102.ts';
import { AT88SC1604 } from './tables/at88sc1604.ts';
import { SC, cardOf, driverOn } from '../../testing/chips/bit-serial/driver-rig.ts';

describe('codes', () => {
  it('are judged by their counter, never by the status word', async () => {
    const card = cardOf(AT88SC102);
    const { driver, sent } = await driverOn(card);
    await expect(driver.presentCode(bytes('F0F1'))).rejects.toMatchObject({
      code: 'chip.code-wrong',
      context: { triesLeft: 3 },
    });
    // The reader answered 90 00 all the same.
    expect(sent).toContain('FF20080A020F8F');
    expect(await driver.tries()).toEqual({ left: 3, full: 4 });
    await driver.presentCode(SC);
    expect(await driver.tries()).toEqual({ left: 4, full: 4 });
  });

  it('that a reader does not get to a card which lost a try are told from wrong ones', async () => {
    const card = cardOf(AT88SC102, [{ zone: 'scac', offset: 0, data: bytes('7F') }], {
      searchesCounter: false,
    });
    const { driver } = await driverOn(card);
    await expect(driver.presentCode(SC)).rejects.toMatchObject({
      code: 'chip.refused',
      context: { triesLeft: 3 },
    });
    expect(await driver.tries()).toEqual({ left: 3, full: 4 });
  });

  it('of the revision of 1999 have eight tries', async () => {
    const card = cardOf(AT88SC102_REV_1999);
    const { driver } = await driverOn(card, { tables: [AT88SC102_REV_1999] });
    await expect(driver.presentCode(bytes('F0F1'))).rejects.toMatchObject({ context: { triesLeft: 7 } });
    expect(await driver.tries()).toEqual({ left: 7, full: 8 });
  });

  it('that are not counted cannot be presented, and none can be read', async () => {
    const { driver } = await driverOn(cardOf(AT88SC1604));
    // SC2 of the AT88SC1604 has no counter.
    await expect(driver.presentCode(SC, 6)).rejects.toMatchObject({ code: 'chip.out-of-range' });
    await expect(driver.read({ zone: 'sc2', offset: 0, length: 2 })).rejects.toMatchObject({
      code: 'chip.unreadable',
    });
  });
});
