import { describe, expect, it } from 'vitest';
import { openCpuCard } from '../../../chip/cpu/dialect-probe.ts';
import { D1, D2, D3 } from '../../../chip/cpu/dialects.ts';
import { zoneOf } from '../../../chip/cpu/dialect.ts';
import { systemClock } from '../../../node/system-clock.ts';
import { tripleDes } from '../../node/triple-des.ts';
import { openCcidReader } from '../../../reader/ccid-reader.ts';
import { SimulatedReader } from '../../sim-reader.ts';
import { PPS_POLICIES, type CpuLineInit } from './line.ts';
import { authenticate, TEST_SERIAL, testCard, testMac } from './rig.ts';

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
      const card = testCard({ cipher: tripleDes, dialect, line });
      reader.insert(card);
      const driver = await openCpuCard(await slot.open());
      expect(driver.dialect).toBe(dialect);
      expect(await driver.readSerial()).toEqual(TEST_SERIAL);
      for (const file of dialect.files) {
        const zone = zoneOf(file);
        expect(await driver.read({ zone, offset: 0, length: file.length })).toEqual(card.files.get(zone));
      }
      await authenticate(driver, tripleDes);
      const challenge = await driver.challenge(4);
      const [zone, data] = ['df01:02', Uint8Array.of(0, 0, 0x27, 0x10, 0, 0, 0, 8)];
      const mac = testMac({ cipher: tripleDes, challenge, zone, data });
      await driver.updateWithMac({ zone, offset: 0, data }, mac);
      expect(card.files.get('df01:02')).toEqual(data);
    });
  },
);
