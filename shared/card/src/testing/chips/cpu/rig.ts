import { toHex } from '../../../bytes/hex.ts';
import { macedUpdateHeader } from '../../../chip/cpu/commands.ts';

import { type CpuDialect, zoneOf } from '../../../chip/cpu/dialect.ts';
import { CpuDriver } from '../../../chip/cpu/driver.ts';
import type { CardSession } from '../../../reader/slot.ts';
import { externalAuth, updateMac, type BlockCipher8 } from '../../cos-crypto.ts';
import { DirectSession } from '../../direct-session.ts';
import { SimulatedCpuCard } from './card.ts';
import type { CardKeys, HarshCounters } from './cos.ts';
import type { CpuLineInit } from './line.ts';

const key = (seed: number): Uint8Array => Uint8Array.from({ length: 16 }, (_, i) => seed + i);

/** Keys of cards that tests make: bytes that count up, so that no two are alike. */
export const TEST_KEYS: CardKeys = { internal: key(0x00), external: key(0x10), mac: key(0x20) };
export const TEST_SERIAL = Uint8Array.of(0x65, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x42);

/** Bytes that differ everywhere, so that a piece in a wrong place shows. */
export function pattern(length: number, from = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 7 + from + (i >> 8)) & 0xff);
}

export interface TestCardInit {
  readonly cipher: BlockCipher8;
  readonly dialect: CpuDialect;
  readonly line?: CpuLineInit;
  /** By zone; the others hold `pattern`, the serial's file the serial. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
  readonly seed?: number;
  readonly harsh?: HarshCounters;
}

/** A card of a dialect with all its files and its serial where the dialect has it. */
export function testCard({
  cipher,
  dialect,
  line = {},
  files = {},
  seed = 1,
  harsh,
}: TestCardInit): SimulatedCpuCard {
  const contents: Record<string, Uint8Array> = {};
  for (const file of dialect.files) contents[zoneOf(file)] = pattern(file.length, file.sfi);
  const { serial } = dialect;
  if (serial.in === 'file') contents[serial.region.zone] = Uint8Array.of(0x00, ...TEST_SERIAL);
  return new SimulatedCpuCard({
    ...{ cipher, keys: TEST_KEYS, dialect, seed },
    files: { ...contents, ...files },
    ...line,
    ...(harsh === undefined ? {} : { harsh }),
    ...(serial.in === 'atr' ? { atrSerial: TEST_SERIAL } : {}),
  });
}

export interface DriverRig {
  readonly card: SimulatedCpuCard;
  readonly driver: CpuDriver;
  /** Commands since the last look, as hex. */
  sent(): string[];
}

/** A driver on such a card, with what it sends. */
export function driverRig(init: TestCardInit): DriverRig {
  const card = testCard(init);
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
  return { card, driver: new CpuDriver(recording, init.dialect), sent: () => commands.splice(0) };
}

/** Selects DF01 and authenticates as the grid does. */
export async function authenticate(driver: CpuDriver, cipher: BlockCipher8): Promise<void> {
  await driver.select('df01');
  const challenge = await driver.challenge(8);
  await driver.externalAuthenticate(externalAuth(cipher, TEST_KEYS.external, challenge));
}

export interface TestUpdate {
  readonly cipher: BlockCipher8;
  readonly challenge: Uint8Array;
  /** Under DF01; the update begins at its first byte. */
  readonly zone: string;
  readonly data: Uint8Array;
}

/** The grid's MAC of one update. */
export function testMac({ cipher, challenge, zone, data }: TestUpdate): Uint8Array {
  const header = macedUpdateHeader({ sfi: parseInt(zone.slice(-2), 16), offset: 0 }, data.length);
  return updateMac(cipher, TEST_KEYS.mac, { challenge, header, data });
}
