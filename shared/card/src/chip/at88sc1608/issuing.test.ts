import { describe, expect, it } from 'vitest';
import { fromHex as bytes, toHex as hex } from '../../bytes/hex.ts';
import { at88sc1608Kind } from '../../testing/chips/at88sc1608/kind.ts';
import { counterAddress, CONFIG } from './constants.ts';
import { CODE, SECURE, issue, again, open } from '../../testing/chips/at88sc1608/driver-rig.ts';

describe('beyond a purchase', () => {
  it('authenticates both sides with the card’s own Gc', async () => {
    const card = issue();
    const config = card.zone('config') ?? new Uint8Array();
    const gc = config.slice(CONFIG.secretSeed.at, CONFIG.secretSeed.at + 8);
    const before = hex(config.slice(CONFIG.cryptogram.at, CONFIG.cryptogram.at + 8));
    const driver = await open(card);
    await driver.authenticate({ gc, random: bytes('0102030405060708') });
    expect(hex(config.slice(CONFIG.cryptogram.at, CONFIG.cryptogram.at + 8))).not.toBe(before);
    expect(card.tries.at(-1)).toEqual({ left: 8, full: 8 });
    await expect(
      driver.authenticate({ gc: bytes('1122334455667788'), random: bytes('0102030405060708') }),
    ).rejects.toMatchObject({ code: 'chip.code-wrong' });
    expect(card.tries.at(-1)).toEqual({ left: 7, full: 8 });
    await driver.authenticate({ gc, random: bytes('1112131415161718') });
    expect(card.tries.at(-1)).toEqual({ left: 8, full: 8 });
  });

  it('a card pulled out of an authentication anywhere can be authenticated again', async () => {
    for (let place = 0; ; place++) {
      const card = issue();
      const config = card.zone('config') ?? new Uint8Array();
      const gc = config.slice(CONFIG.secretSeed.at, CONFIG.secretSeed.at + 8);
      let operations = 0;
      card.cutHook = () => operations++ === place;
      const cut = await (await open(card)).authenticate({ gc, random: bytes('0102030405060708') }).then(
        () => false,
        () => true,
      );
      card.cutHook = undefined;
      await (await open(card)).authenticate({ gc, random: bytes('1112131415161718') });
      expect(card.tries.at(-1)).toEqual({ left: 8, full: 8 });
      if (!cut) {
        expect(operations).toBe(18);
        return;
      }
    }
  });

  it('changes passwords after the Write password of their set', async () => {
    const driver = await open(issue([0]));
    await expect(driver.changePassword(8, bytes('010203'))).rejects.toMatchObject({
      code: 'chip.code-needed',
    });
    await driver.presentCode(CODE, 0);
    await driver.changePassword(8, bytes('010203'));
    await driver.changePassword(0, bytes('040506'));
    await expect(driver.changePassword(1, bytes('010203'))).rejects.toMatchObject({
      code: 'chip.code-needed',
    });
    await expect(driver.changePassword(0, bytes('0102'))).rejects.toMatchObject({ code: 'chip.malformed' });
    await driver.presentCode(bytes('010203'), 8);
    await driver.presentCode(bytes('040506'), 0);
  });

  it('leaves any password behind when a change is cut: why it is in no plan', async () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 12; seed++) {
      const card = again(issue([0]), { seed });
      const driver = await open(card);
      await driver.presentCode(CODE, 0);
      let left = 1 + (seed % 6);
      card.cutHook = () => --left === 0;
      await expect(driver.changePassword(0, bytes('5A5A5A'))).rejects.toMatchObject({
        code: 'reader.removed',
      });
      seen.add(hex(card.zone('config')?.slice(0x41, 0x44) ?? new Uint8Array()));
    }
    expect([...seen].filter((code) => code !== 'A1B2C3' && code !== '5A5A5A').length).toBeGreaterThan(3);
  });

  it('issues a blank card: configuration, then fuses for ever', async () => {
    const card = at88sc1608Kind.blank();
    const driver = await open(card);
    await expect(driver.blowFuse()).rejects.toMatchObject({ code: 'chip.code-needed' });
    await expect(driver.writeConfig(0x10, bytes('63'))).rejects.toMatchObject({ code: 'chip.code-needed' });
    await driver.presentCode(SECURE, 7);
    await driver.writeConfig(0x10, bytes('633F3F3F3F3F3F3F'));
    await driver.writeConfig(counterAddress(0) + 1, CODE);
    await expect(driver.writeConfig(0x00, bytes('00'))).rejects.toMatchObject({ code: 'chip.refused' });
    expect([await driver.blowFuse(), await driver.blowFuse(), await driver.blowFuse()]).toEqual([6, 4, 0]);
    await expect(driver.blowFuse()).rejects.toMatchObject({ code: 'chip.protected' });
    await expect(driver.writeConfig(0x10, bytes('FF'))).rejects.toMatchObject({ code: 'chip.refused' });
    const config = await driver.readConfig();
    expect(hex(config.slice(0, 4))).toBe('2CAA55A0');
    expect(hex(config.slice(0x30, 0x38))).toBe('00'.repeat(8));
  });
});
