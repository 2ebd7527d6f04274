import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../bytes/hex.ts';
import { pcscStack } from '../testing/node/sim-pcsc-rig.ts';
import { plainCard } from '../testing/sim-card-line-plain.ts';
import { outcomeOf, readerRig } from '../testing/sim-reader-rig.ts';
import { SLOT_STACKS } from '../testing/slot-contract-stacks.ts';
import type { SimulatedCard } from '../testing/simulated-card.ts';

const ANSWER = Uint8Array.of(0x01, 0x90, 0x00);
const READ = Uint8Array.of(0x00, 0xb0, 0x00, 0x00, 0x01);

/** Its answers to reset, the last of them for ever. */
function cardWith(...answers: readonly string[]): SimulatedCard & { resets: number } {
  const card = {
    ...plainCard(fromHex(answers[0] ?? ''), () => ANSWER),
    resets: 0,
    powerOn: () => fromHex(answers[Math.min(card.resets++, answers.length - 1)] ?? ''),
  };
  return card;
}

const ODD = [
  ['T=1 with a wrong TCK', '3B808131FE458A', 'T=1'],
  ['T=1 without its TCK', '3B808131FE45', 'T=1'],
  ['T=1 with two bytes behind', '3B808131FE458B9000', 'T=1'],
  ['T=0 with a TCK', '3B0241' + '4201', 'T=0'],
  ['T=0 with a byte behind', '3B02414200', 'T=0'],
  ['T=0 with a whole buffer behind', '3B024142' + '00'.repeat(36), 'T=0'],
] as const;

describe.each([...SLOT_STACKS, pcscStack])('$name', ({ make, onlyT0 = false }) => {
  it.each(ODD.filter(([, , protocol]) => !onlyT0 || protocol === 'T=0'))(
    'reads a card whose answer to reset is %s',
    async (_, atr) => {
      const rig = await make();
      rig.insert(cardWith(atr));
      await rig.pass(50);
      const session = await rig.slot.open();
      expect(toHex(session.atr).slice(0, 66)).toBe(atr.slice(0, 66));
      expect(toHex(await session.transmit(READ))).toBe('019000');
    },
  );
});

describe('an answer to reset that ends oddly', () => {
  it('is never longer than one can be', async () => {
    const session = await readerRig().session(0, cardWith('3B024142' + '00'.repeat(36)));
    expect(session.atr).toHaveLength(33);
  });

  it('is asked for twice, others once', async () => {
    const [odd, plain] = [cardWith('3B808131FE458A'), cardWith('3B808131FE458B')];
    await readerRig().session(0, odd);
    await readerRig().session(0, plain);
    expect([odd.resets, plain.resets]).toEqual([2, 1]);
  });

  it('was heard badly where it comes whole the second time', async () => {
    const session = await readerRig().session(0, cardWith('3B808131FE458A', '3B808131FE458B'));
    expect(toHex(session.atr)).toBe('3B808131FE458B');
    expect(toHex(await session.transmit(READ))).toBe('019000');
  });

  it('is none where it comes otherwise the second time', async () => {
    const opening = readerRig().session(0, cardWith('3B808131FE458A', '3B808131FE4589'));
    expect(await outcomeOf(opening)).toBe('reader.mute');
  });

  it.each(['3B10', '3C00', '3B8081', ''])('means nothing without its interface bytes: %s', async (atr) => {
    expect(await outcomeOf(readerRig().session(0, cardWith(atr)))).toBe('reader.mute');
  });
});
