import { describe, expect, it } from 'vitest';
import { fromHex } from '../../bytes/hex.ts';
import { tripleDes } from '../../testing/node/triple-des.ts';
import {
  authenticate,
  driverRig,
  pattern,
  TEST_KEYS,
  TEST_SERIAL,
  testMac,
  type DriverRig,
} from '../../testing/chips/cpu/rig.ts';
import { internalAuth, updateMac } from '../../testing/cos-crypto.ts';
import { DirectSession } from '../../testing/direct-session.ts';
import { macedReadBinary } from './commands.ts';
import { openCpuCard } from './dialect-probe.ts';
import { D1, D2, D3, DIALECTS, fileFor, SAFE_ORDER, zoneOf, type CpuDialect } from './dialects.ts';

const rigOf = (dialect: CpuDialect): DriverRig => driverRig({ cipher: tripleDes, dialect });

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
    expect((await driver.exchange(SELECT)).sw).toBe(0x9000);
    expect(sent()).toEqual([]);
  });

  it.each<[string, (driver: DriverRig['driver']) => Promise<unknown>]>([
    ['an authentication', (driver) => authenticate(driver, tripleDes)],
    ['a challenge', (driver) => driver.challenge(4)],
    ['a command of a plan', (driver) => driver.exchange(fromHex('0084000004'))],
    ['a selection that failed', (driver) => driver.exchange(fromHex('00A40000021234'))],
  ])('is sent after %s', async (_what, before) => {
    const { driver, sent } = rigOf(D1);
    await driver.select('df01');
    await before(driver);
    sent();
    await driver.exchange(SELECT);
    expect(sent()).toEqual(['00A4000002DF01']);
  });
});

describe('records', () => {
  const records = {
    directory: 'df01',
    sfi: 8,
    length: 12,
    update: 'plain',
    role: 'public',
    records: { count: 3, length: 4 },
  } as const;
  const dialect: CpuDialect = { ...D1, files: [...D1.files, records] };

  it('are read and written whole, by number', async () => {
    const { driver, sent } = rigOf(dialect);
    const place = { zone: 'df01:08', record: 2 };
    expect(await driver.readRecord(place)).toEqual(pattern(12, 8).slice(4, 8));
    await driver.updateRecord(place, fromHex('A1A2A3A4'));
    expect(await driver.readRecord(place)).toEqual(fromHex('A1A2A3A4'));
    expect(await driver.readRecord({ ...place, record: 3 })).toEqual(pattern(12, 8).slice(8));
    expect(sent()[2]).toBe('00DC024404A1A2A3A4');
  });

  it('that do not exist, or a file of the other kind, are refused', async () => {
    const { driver } = rigOf(dialect);
    const outOfRange = { code: 'chip.out-of-range' };
    for (const record of [0, 4]) {
      await expect(driver.readRecord({ zone: 'df01:08', record })).rejects.toMatchObject(outOfRange);
    }
    await expect(driver.readRecord({ zone: 'df01:02', record: 1 })).rejects.toMatchObject(outOfRange);
    await expect(driver.read({ zone: 'df01:08', offset: 0, length: 4 })).rejects.toMatchObject(outOfRange);
    await expect(driver.updateRecord({ zone: 'df01:08', record: 1 }, fromHex('00'))).rejects.toMatchObject(
      outOfRange,
    );
  });

  it.each([
    ['no such record', '00B2044404', 0x6a83],
    ['record 0', '00B2004404', 0x6a83],
    ['no such file', '00B2015404', 0x6a82],
    ['a file of bytes', '00B2011404', 0x6981],
    ['bytes of a file of records', '00B0880004', 0x6981],
    ['a part of a record', '00DC014402A1A2', 0x6700],
    ['another way to name one', '00B2014204', 0x6a86],
  ])('are refused by the card: %s', async (_what, apdu, sw) => {
    const { driver } = rigOf(dialect);
    await driver.select('df01');
    expect((await driver.exchange(fromHex(apdu))).sw).toBe(sw);
  });
});

describe('writing', () => {
  it('without MAC goes to files that take it so, in pieces, and to no others', async () => {
    const { card, driver } = rigOf({ ...D1, maxUpdate: 16 });
    await driver.update({ zone: 'mf:01', offset: 2, data: pattern(37, 5) });
    expect(card.files.get('mf:01')?.slice(2)).toEqual(pattern(37, 5));
    for (const zone of ['df01:02', 'mf:19']) {
      const write = driver.update({ zone, offset: 0, data: pattern(4) });
      await expect(write).rejects.toMatchObject({ code: 'chip.unsupported' });
    }
  });

  it('with a challenge that served already is refused in D3, and goes on with a new one', async () => {
    const { driver } = rigOf(D3);
    await authenticate(driver, tripleDes);
    const challenge = await driver.challenge(4);
    const data = pattern(8, 1);
    const region = { zone: 'df01:02', offset: 0, data };
    await driver.updateWithMac(region, testMac({ cipher: tripleDes, challenge, zone: region.zone, data }));
    const again = driver.updateWithMac(
      region,
      testMac({ cipher: tripleDes, challenge, zone: region.zone, data }),
    );
    await expect(again).rejects.toMatchObject({ context: { sw: '6984' } });
    const next = await driver.challenge(4);
    await driver.updateWithMac(
      region,
      testMac({ cipher: tripleDes, challenge: next, zone: region.zone, data }),
    );
  });

  it('is refused as the card says: before authentication, with a wrong MAC, without any', async () => {
    const { driver } = rigOf(D2);
    const region = { zone: 'df01:06', offset: 0, data: new Uint8Array(50) };
    await driver.select('df01');
    const mac = new Uint8Array(4);
    await expect(driver.updateWithMac(region, mac)).rejects.toMatchObject({ code: 'chip.unreadable' });
    await authenticate(driver, tripleDes);
    await driver.challenge(4);
    await expect(driver.updateWithMac(region, mac)).rejects.toMatchObject({ context: { sw: '6988' } });
    await expect(driver.updateWithMac(region, new Uint8Array(3))).rejects.toMatchObject({
      code: 'chip.out-of-range',
    });
    expect((await driver.exchange(fromHex('00D6860001AA'))).sw).toBe(0x6987);
  });

  it('loses the authentication where another directory is read in between', async () => {
    const { driver } = rigOf(D1);
    await authenticate(driver, tripleDes);
    await driver.readSerial();
    const region = { zone: 'df01:02', offset: 0, data: new Uint8Array(8) };
    await expect(driver.updateWithMac(region, new Uint8Array(4))).rejects.toMatchObject({
      context: { sw: '6982' },
    });
  });
});

it('a card reads with a MAC over the header that will carry the bytes, as meters ask it', async () => {
  const { driver, card } = rigOf(D2);
  await driver.select('df01');
  const header = Uint8Array.of(0x84, 0x32, 0x01, 0x14, 0x0c);
  const challenge = fromHex('A1A2A3A4');
  const { data, sw } = await driver.exchange(macedReadBinary({ sfi: 2, offset: 0 }, challenge, header));
  const purse = card.files.get('df01:02') ?? new Uint8Array();
  expect(sw).toBe(0x9000);
  expect(data.slice(0, 8)).toEqual(purse);
  expect(data.slice(8)).toEqual(updateMac(tripleDes, TEST_KEYS.mac, { challenge, header, data: purse }));
});
