import { describe, expect, it } from 'vitest';
import { openCpuCard } from '../../../chip/cpu/dialect-probe.ts';
import { D1, D2, D3, zoneOf, type CpuDialect } from '../../../chip/cpu/dialects.ts';
import { systemClock } from '../../../node/system-clock.ts';
import { tripleDes } from '../../../node/triple-des.ts';
import { openCcidReader } from '../../../reader/ccid-reader.ts';
import { externalAuth, updateMac } from '../../cos-crypto.ts';
import { macedUpdateHeader } from '../../../chip/cpu/commands.ts';
import { SimulatedReader } from '../../sim-reader.ts';
import { SimulatedCpuCard } from './card.ts';
import { PPS_POLICIES, type CpuLineInit } from './line.ts';

const key = (seed: number): Uint8Array => Uint8Array.from({ length: 16 }, (_, i) => seed + i);
const KEYS = { internal: key(0), external: key(16), mac: key(32) };
const SERIAL = Uint8Array.of(0x65, 0x01, 0, 0, 0, 0, 0, 0x42);

function cardOf(dialect: CpuDialect, line: CpuLineInit): SimulatedCpuCard {
  const files: Record<string, Uint8Array> = { 'mf:19': Uint8Array.of(0, ...SERIAL) };
  for (const file of dialect.files) {
    files[zoneOf(file)] ??= Uint8Array.from({ length: file.length }, (_, i) => (i + file.sfi) & 0xff);
  }
  const atrSerial = dialect.serial.in === 'atr' ? { atrSerial: SERIAL } : {};
  return new SimulatedCpuCard({ cipher: tripleDes, keys: KEYS, dialect, files, ...line, ...atrSerial });
}

/** Lines that a card can have, without those whose answers to PPS are no use. */
const LINES: readonly (readonly [string, CpuLineInit])[] = [
  ['T=0', {}],
  ['T=1', { protocol: 'T1' }],
  ['both protocols', { bothProtocols: true }],
  ...PPS_POLICIES.filter((pps) => pps === 'accept' || pps === 'decline-speed').flatMap(
    (pps) =>
      [
        [`T=0, TA1 95, ${pps}`, { fiDi: 0x95, pps }],
        [`T=1, TA1 18, ${pps}`, { protocol: 'T1', fiDi: 0x18, pps }],
      ] as const,
  ),
];

describe.each(['character', 'tpdu', 'short-apdu', 'extended-apdu'] as const)(
  'through a %s reader',
  (level) => {
    it.each(
      [D1, D2, D3].flatMap((dialect) =>
        LINES.filter(([, line]) => dialect !== D3 || Object.keys(line).length === 0).map(
          ([name, line]) => [dialect.id, name, dialect, line] as const,
        ),
      ),
    )('a card of %s with %s is found, read and written', async (_id, _name, dialect, line) => {
      const reader = new SimulatedReader({ clock: systemClock, level });
      const [slot] = openCcidReader(reader).slots;
      if (slot === undefined) throw new Error('no slot');
      const card = cardOf(dialect, line);
      reader.insert(card);
      const driver = await openCpuCard(await slot.open());
      expect(driver.dialect).toBe(dialect);
      expect(await driver.readSerial()).toEqual(SERIAL);
      for (const file of dialect.files) {
        const zone = zoneOf(file);
        expect(await driver.read({ zone, offset: 0, length: file.length })).toEqual(card.files.get(zone));
      }
      await driver.select('df01');
      await driver.externalAuthenticate(externalAuth(tripleDes, KEYS.external, await driver.challenge(8)));
      const challenge = await driver.challenge(4);
      const data = Uint8Array.of(0, 0, 0x27, 0x10, 0, 0, 0, 8);
      const mac = updateMac(tripleDes, KEYS.mac, {
        challenge,
        header: macedUpdateHeader({ sfi: 2, offset: 0 }, data.length),
        data,
      });
      await driver.updateWithMac({ zone: 'df01:02', offset: 0, data }, mac);
      expect(card.files.get('df01:02')).toEqual(data);
    });
  },
);
