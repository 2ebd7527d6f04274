import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../bytes/hex.ts';
import { tripleDes } from '../../node/triple-des.ts';
import type { CardSession } from '../../reader/slot.ts';
import { SimulatedCpuCard } from '../../testing/chips/cpu/card.ts';
import type { CardProtocol } from '../../testing/chips/cpu/line.ts';
import { externalAuth, internalAuth, updateMac } from '../../testing/cos-crypto.ts';
import { DirectSession } from '../../testing/direct-session.ts';
import { macedReadBinary, macedUpdateHeader } from './commands.ts';
import { openCpuCard } from './dialect-probe.ts';
import { D1, D2, D3, DIALECTS, fileFor, SAFE_ORDER, zoneOf, type CpuDialect } from './dialects.ts';
import { CpuDriver } from './driver.ts';

const KEYS = {
  internal: fromHex('000102030405060708090A0B0C0D0E0F'),
  external: fromHex('101112131415161718191A1B1C1D1E1F'),
  mac: fromHex('202122232425262728292A2B2C2D2E2F'),
};
const SERIAL = fromHex('6501000000000042');

/** Bytes that differ everywhere, so that a piece in a wrong place shows. */
const pattern = (length: number, from = 0): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 7 + from + (i >> 8)) & 0xff);

interface Rig {
  readonly card: SimulatedCpuCard;
  readonly driver: CpuDriver;
  /** Commands since the last look, as hex. */
  sent(): string[];
}

function rigOf(dialect: CpuDialect, protocol: CardProtocol = 'T0'): Rig {
  const files: Record<string, Uint8Array> = {};
  for (const file of dialect.files) files[zoneOf(file)] = pattern(file.length, file.sfi);
  if (dialect.serial.in === 'file') files[dialect.serial.region.zone] = Uint8Array.of(0, ...SERIAL);
  const card = new SimulatedCpuCard({
    ...{ cipher: tripleDes, keys: KEYS, dialect, files, protocol },
    ...(dialect.serial.in === 'atr' ? { atrSerial: SERIAL } : {}),
  });
  const session = new DirectSession(card);
  const commands: string[] = [];
  const recording: CardSession = {
    atr: session.atr,
    transmit(apdu) {
      commands.push(toHex(apdu));
      return session.transmit(apdu);
    },
    end: () => session.end(),
  };
  return { card, driver: new CpuDriver(recording, dialect), sent: () => commands.splice(0) };
}

async function authenticate(driver: CpuDriver): Promise<void> {
  await driver.select('df01');
  const challenge = await driver.challenge(8);
  await driver.externalAuthenticate(externalAuth(tripleDes, KEYS.external, challenge));
}

/** What the grid does for one update: challenge in, MAC out. */
function macFor(challenge: Uint8Array, zone: string, data: Uint8Array): Uint8Array {
  const header = macedUpdateHeader({ sfi: parseInt(zone.slice(-2), 16), offset: 0 }, data.length);
  return updateMac(tripleDes, KEYS.mac, { challenge, header, data });
}

describe.each(DIALECTS.map((dialect) => [dialect.id, dialect] as const))(
  'on a card of dialect %s',
  (_id, dialect) => {
    it('reads every file whole, and the serial from where it is', async () => {
      const { card, driver } = rigOf(dialect);
      for (const file of dialect.files) {
        const zone = zoneOf(file);
        expect(await driver.read({ zone, offset: 0, length: file.length })).toEqual(card.files.get(zone));
      }
      expect(await driver.readSerial()).toEqual(SERIAL);
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
        internalAuth(tripleDes, KEYS.internal, random),
      );
      await authenticate(driver);
      let challenge = await driver.challenge(4);
      for (const role of SAFE_ORDER) {
        const file = fileFor(dialect, role);
        if (file === undefined || file.length > dialect.maxUpdate) continue;
        const [zone, data] = [zoneOf(file), pattern(file.length, 33)];
        await driver.updateWithMac({ zone, offset: 0, data }, macFor(challenge, zone, data));
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
    await authenticate(driver);
    const challenge = await driver.challenge(4);
    const data = pattern(8, 1);
    const region = { zone: 'df01:02', offset: 0, data };
    await driver.updateWithMac(region, macFor(challenge, region.zone, data));
    const again = driver.updateWithMac(region, macFor(challenge, region.zone, data));
    await expect(again).rejects.toMatchObject({ context: { sw: '6984' } });
    const next = await driver.challenge(4);
    await driver.updateWithMac(region, macFor(next, region.zone, data));
  });

  it('is refused as the card says: before authentication, with a wrong MAC, without any', async () => {
    const { driver } = rigOf(D2);
    const region = { zone: 'df01:06', offset: 0, data: new Uint8Array(50) };
    await driver.select('df01');
    const mac = new Uint8Array(4);
    await expect(driver.updateWithMac(region, mac)).rejects.toMatchObject({ code: 'chip.unreadable' });
    await authenticate(driver);
    await driver.challenge(4);
    await expect(driver.updateWithMac(region, mac)).rejects.toMatchObject({ context: { sw: '6988' } });
    await expect(driver.updateWithMac(region, new Uint8Array(3))).rejects.toMatchObject({
      code: 'chip.out-of-range',
    });
    expect((await driver.exchange(fromHex('00D6860001AA'))).sw).toBe(0x6987);
  });

  it('loses the authentication where another directory is read in between', async () => {
    const { driver } = rigOf(D1);
    await authenticate(driver);
    await driver.readSerial();
    const region = { zone: 'df01:02', offset: 0, data: new Uint8Array(8) };
    await expect(driver.updateWithMac(region, new Uint8Array(4))).rejects.toMatchObject({
      context: { sw: '6982' },
    });
  });
});

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
    await authenticate(driver);
    expect(card.tries).toEqual([{ left: 8, full: 8 }]);
    expect(await driver.externalTries()).toBeUndefined();
  });

  it.each(['T0', 'T1'] as const)(
    'tells its tries without burning one, where cards are known to (%s)',
    async (protocol) => {
      const { card, driver } = rigOf(telling, protocol);
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

it('a card reads with a MAC over the header that will carry the bytes, as meters ask it', async () => {
  const { driver, card } = rigOf(D2);
  await driver.select('df01');
  const header = Uint8Array.of(0x84, 0x32, 0x01, 0x14, 0x0c);
  const challenge = fromHex('A1A2A3A4');
  const { data, sw } = await driver.exchange(macedReadBinary({ sfi: 2, offset: 0 }, challenge, header));
  const purse = card.files.get('df01:02') ?? new Uint8Array();
  expect(sw).toBe(0x9000);
  expect(data.slice(0, 8)).toEqual(purse);
  expect(data.slice(8)).toEqual(updateMac(tripleDes, KEYS.mac, { challenge, header, data: purse }));
});
