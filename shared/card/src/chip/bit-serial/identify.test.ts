import { describe, expect, it } from 'vitest';
import { fromHex as bytes, toHex as hex } from '../../bytes/hex.ts';
import { DirectSession } from '../../testing/direct-session.ts';
import { identifyChip } from '../identify.ts';
import { BIT_SERIAL_TABLES, bitSerialFamilies } from './families.ts';
import { AT88SC102 } from './tables/at88sc102.ts';
import { AT88SC1602 } from './tables/at88sc1602.ts';
import { AT88SC1604B } from './tables/at88sc1604b.ts';
import { SC, KEY, READER, cardOf, driverOn } from '../../testing/chips/bit-serial/driver-rig.ts';

describe('identification', () => {
  it('reads the fabrication zone out of what readers show, whatever the issuer wrote behind it', async () => {
    // 3B 04 F0 F0 36 96 on an ACR38 (pastebin BrGMPaBv): FZ 0F0F and "li" of "limpkin", bits turned round.
    const card = cardOf(AT88SC102, [{ zone: 'iz', offset: 0, data: bytes('6C696D706B696E') }]);
    expect(hex(new DirectSession(card).atr)).toBe('3B04F0F03696');
    for (const table of BIT_SERIAL_TABLES) {
      const { driver, sent } = await driverOn(cardOf(table));
      expect(driver.chip).toBe(table.chip);
      expect(sent).toEqual([table === AT88SC102 ? 'FFA400000109' : 'FFA40000010A']);
    }
  });

  it('asks the card where the reader shows something else, and burns no try', async () => {
    for (const table of BIT_SERIAL_TABLES) {
      const card = cardOf(table);
      const session = new DirectSession(card);
      const shown = {
        atr: bytes('3B0400000000'),
        end: () => session.end(),
        transmit: (apdu: Uint8Array) => session.transmit(apdu),
      };
      expect((await identifyChip(shown, READER, bitSerialFamilies())).chip).toBe(table.chip);
      expect(card.tries.every(({ left, full }) => left === full)).toBe(true);
    }
  });

  it('leaves alone what can be two layouts, until a province names its own', async () => {
    const card = cardOf(AT88SC1604B);
    await expect(driverOn(card, { tables: [...BIT_SERIAL_TABLES, AT88SC1604B] })).rejects.toMatchObject({
      code: 'chip.ambiguous',
      context: { chips: 'AT88SC1604 AT88SC1604B' },
    });
    expect((await driverOn(card, { tables: [AT88SC102, AT88SC1604B] })).driver.chip).toBe('AT88SC1604B');
    expect((await driverOn(card)).driver.chip).toBe('AT88SC1604');
  });

  it('finds nothing on a reader without these commands', async () => {
    const session = {
      atr: bytes('3B0400000000'),
      end: () => Promise.resolve(),
      transmit: () => Promise.reject(new Error('nothing is sent')),
    };
    await expect(
      identifyChip(session, { memoryDialect: 'omnikey' }, bitSerialFamilies()),
    ).rejects.toMatchObject({
      code: 'chip.unknown',
    });
  });
});

describe('a reader that does not drive C4 and C8', () => {
  it('reads, and presents and writes nothing, since a code that no pulse reaches would seem right', async () => {
    for (const wired of [false, undefined]) {
      const card = cardOf(AT88SC1602, [], { programs: false });
      const { driver, sent } = await driverOn(card, { reader: { memoryDialect: 'acs', wiresC4C8: wired } });
      expect(hex(await driver.read({ zone: 'fz', offset: 0, length: 2 }))).toBe('1602');
      const before = sent.length;
      await expect(driver.presentCode(SC)).rejects.toMatchObject({ code: 'chip.unsupported' });
      await expect(driver.write({ zone: 'mtz', offset: 0, data: SC })).rejects.toMatchObject({
        code: 'chip.unsupported',
      });
      await expect(driver.eraseZone('az1', KEY)).rejects.toMatchObject({ code: 'chip.unsupported' });
      expect(sent).toHaveLength(before);
    }
  });
});
