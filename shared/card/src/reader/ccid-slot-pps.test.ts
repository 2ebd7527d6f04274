import { describe, expect, it } from 'vitest';
import { identifyChip } from '../chip/identify.ts';
import { readBuiltIn } from '../testing/read-built-in.ts';
import { systemClock } from '../node/system-clock.ts';
import { tripleDes } from '../testing/node/triple-des.ts';
import { SimulatedCpuCard } from '../testing/chips/cpu/card.ts';
import { PPS_POLICIES } from '../testing/chips/cpu/line.ts';
import { samplePurchase } from '../testing/sample-purchase.ts';
import { outcomeOf } from '../testing/sim-reader-rig.ts';
import { SimulatedReader } from '../testing/sim-reader.ts';
import { openCcidReader } from './ccid-reader.ts';

describe.each(['tpdu', 'character'] as const)('a CPU card that offers more, at %s level', (level) => {
  it.each(PPS_POLICIES.flatMap((pps) => [false, true].map((bothProtocols) => ({ pps, bothProtocols }))))(
    'is read at the speed and in the protocol that it agrees to: $pps, both protocols: $bothProtocols',
    async (line) => {
      const plain = samplePurchase('CPU', { cipher: tripleDes, seed: 7 }).card.snapshot();
      const state = { ...plain.state, fiDi: 0x95, ...line };
      const card = SimulatedCpuCard.restore({ ...plain, state }, tripleDes);
      for (const protocols of line.bothProtocols ? [0x01, 0x02, 0x03] : [0x01, 0x03]) {
        const reader = new SimulatedReader({ clock: systemClock, level, protocols });
        const [slot] = openCcidReader(reader).slots;
        if (slot === undefined) throw new Error('no slot');
        reader.insert(card);
        const refused = line.pps === 'silent' || line.pps === 'other-speed';
        if (protocols === 0x02 && refused) {
          expect(await outcomeOf(slot.open())).toBe('reader.unsupported');
          continue;
        }
        const session = await slot.open();
        const driver = await identifyChip(session, slot.model);
        expect((await readBuiltIn(driver, session.atr)).serial).toHaveLength(8);
        expect(card.protocol).toBe(protocols === 0x02 ? 'T1' : 'T0');
        expect(reader.slot().fiDi).toBe(line.pps === 'accept' ? 0x95 : 0x11);
        await session.end();
        reader.eject();
      }
    },
  );
});
