import { describe, expect, it } from 'vitest';
import { fromHex } from '../../bytes/hex.ts';
import { tripleDes } from '../../testing/node/triple-des.ts';
import { authenticate, pattern, TEST_KEYS, TEST_SERIAL, testMac } from '../../testing/chips/cpu/rig.ts';
import type { DriverRig } from '../../testing/chips/cpu/rig.ts';
import { internalAuth, updateMac } from '../../testing/cos-crypto.ts';
import { DirectSession } from '../../testing/direct-session.ts';
import { macedReadBinary } from './commands.ts';
import { openCpuCard } from './dialect-probe.ts';
import { plainCommand } from './key-guard.ts';
import { D1, D2, DIALECTS, SAFE_ORDER } from './dialects.ts';
import { fileFor, zoneOf } from './dialect.ts';
import type { CpuDialect } from './dialect.ts';
import { rigOf } from '../../testing/node/cpu-driver-rig.ts';

describe.each(DIALECTS.map((dialect) => [dialect.id, dialect] as const))(
  'on a card of dialect %s',
  (_id, dialect) => {
    it('reads every file whole, and the serial from where it is', async () => {
      const { card, driver } = rigOf(dialect);
      for (const file of dialect.files) {
        const zone = zoneOf(file);
        expect(await driver.read({ zone, offset: 0, length: file.length })).toEqual(card.files.get(zone));
      }
      expect(await driver.readSerial()).toEqual(TEST_SERIAL);
    });

    it('opens by probing, and asks no try of any key', async () => {
      const { card } = rigOf(dialect);
      const driver = await openCpuCard(new DirectSession(card));
      expect(driver.dialect.id).toBe(dialect.id);
      expect(card.tries).toEqual([{ left: 8, full: 8 }]);
    });

    it('proves both sides and writes every file in the safe order', async () => {
      const { card, driver } = rigOf(dialect);
      await driver.select('df01');
      const random = pattern(8, 99);
      expect(await driver.internalAuthenticate(random)).toEqual(
        internalAuth(tripleDes, TEST_KEYS.internal, random),
      );
      await authenticate(driver, tripleDes);
      let challenge = await driver.challenge(4);
      for (const role of SAFE_ORDER) {
        const file = fileFor(dialect, role);
        if (file === undefined || file.length > dialect.maxUpdate) continue;
        const [zone, data] = [zoneOf(file), pattern(file.length, 33)];
        await driver.updateWithMac(
          { zone, offset: 0, data },
          testMac({ cipher: tripleDes, challenge, zone, data }),
        );
        expect(card.files.get(zone)).toEqual(data);
        if (dialect.mac.challengeServes === 'command') challenge = await driver.challenge(4);
      }
    });
  },
);

describe('reading', () => {
  it('takes a tariff of D1 in the 128 and 130 bytes that its source takes', async () => {
    const { driver, sent } = rigOf(D1);
    await driver.read({ zone: 'df01:03', offset: 0, length: 258 });
    expect(sent()).toEqual(['00A4000002DF01', '00B0830080', '00B0838082']);
  });

  it('takes a part in as few commands as the dialect allows', async () => {
    const { driver, sent } = rigOf(D1);
    await driver.read({ zone: 'df01:03', offset: 100, length: 130 });
    await driver.read({ zone: 'df01:03', offset: 100, length: 131 });
    expect(sent().slice(1)).toEqual(['00B0836482', '00B0836482', '00B083E601']);
  });

  it('goes beyond offset 255 by the file that is current, which a first command makes it', async () => {
    const { card, driver, sent } = rigOf(D1);
    const file = card.files.get('df01:03') ?? new Uint8Array();
    expect(await driver.read({ zone: 'df01:03', offset: 256, length: 2 })).toEqual(file.slice(256));
    expect(sent().slice(1)).toEqual(['00B0830001', '00B0010002']);
    const long: CpuDialect = {
      ...D1,
      files: D1.files.map((one) => (one.sfi === 3 ? { ...one, length: 700 } : one)),
    };
    const other = rigOf(long);
    const region = { zone: 'df01:03', offset: 0, length: 700 };
    expect(await other.driver.read(region)).toEqual(other.card.files.get('df01:03'));
    expect(other.sent().slice(1)).toEqual([
      '00B0830080',
      '00B0838082',
      '00B0010282',
      '00B0018482',
      '00B0020682',
      '00B0028834',
    ]);
  });

  it('refuses what is not there before anything is sent', async () => {
    const { driver, sent } = rigOf(D2);
    for (const region of [
      { zone: 'df01:06', offset: 40, length: 11 },
      { zone: 'mf:01', offset: 0, length: 1 },
      { zone: 'df01:01', offset: -1, length: 1 },
      { zone: 'df01:01', offset: 0, length: 0 },
    ]) {
      await expect(driver.read(region)).rejects.toMatchObject({ code: 'chip.out-of-range' });
    }
    expect(sent()).toEqual([]);
  });
});

describe('a plan’s selection', () => {
  const SELECT = fromHex('00A4000002DF01');

  it('of what is selected is not sent while nothing stands that it would take away', async () => {
    const { driver, sent } = rigOf(D1);
    await driver.read({ zone: 'df01:02', offset: 0, length: 8 });
    sent();
    expect((await driver.exchange(plainCommand(SELECT))).sw).toBe(0x9000);
    expect(sent()).toEqual([]);
  });

  it.each<[string, (driver: DriverRig['driver']) => Promise<unknown>]>([
    ['an authentication', (driver) => authenticate(driver, tripleDes)],
    ['a challenge', (driver) => driver.challenge(4)],
    ['a command of a plan', (driver) => driver.exchange(plainCommand(fromHex('0084000004')))],
    ['a selection that failed', (driver) => driver.exchange(plainCommand(fromHex('00A40000021234')))],
  ])('is sent after %s', async (_what, before) => {
    const { driver, sent } = rigOf(D1);
    await driver.select('df01');
    await before(driver);
    sent();
    await driver.exchange(plainCommand(SELECT));
    expect(sent()).toEqual(['00A4000002DF01']);
  });
});

it('a card reads with a MAC over the header that will carry the bytes, as meters ask it', async () => {
  const { driver, card } = rigOf(D2);
  await driver.select('df01');
  const header = Uint8Array.of(0x84, 0x32, 0x01, 0x14, 0x0c);
  const challenge = fromHex('A1A2A3A4');
  const { data, sw } = await driver.exchange(
    plainCommand(macedReadBinary({ sfi: 2, offset: 0 }, challenge, header)),
  );
  const purse = card.files.get('df01:02') ?? new Uint8Array();
  expect(sw).toBe(0x9000);
  expect(data.slice(0, 8)).toEqual(purse);
  expect(data.slice(8)).toEqual(updateMac(tripleDes, TEST_KEYS.mac, { challenge, header, data: purse }));
});
