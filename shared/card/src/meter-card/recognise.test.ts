import { describe, expect, it } from 'vitest';
import { toHex } from '../bytes/hex.ts';
import { codeOf } from '../errors.ts';
import { DirectSession } from '../testing/direct-session.ts';
import { chipOf, METER_CARDS, METER_FILES } from '../testing/meter-files.ts';
import { tripleDes } from '../testing/node/triple-des.ts';
import { bytesAt } from '../testing/oracle-meter.ts';
import { samplePurchase } from '../testing/sample-purchase.ts';
import type { SimulatedCard } from '../testing/simulated-card.ts';
import { BOTH_MAKERS, SECOND_CPU, SECOND_SLE4442 } from '../testing/second-maker.ts';
import { BUILT_IN_LAYOUTS } from './built-in-layouts.ts';
import type { CardLayout, CardLayouts, RecognisedCard } from './layout.ts';
import { knownLayout, readCard } from './read.ts';
import { recogniserOf } from './recognise.ts';

const READER = { memoryDialect: 'acs', wiresC4C8: true } as const;
const sampleOf = (of: (typeof METER_CARDS)[number]) => samplePurchase(of, { cipher: tripleDes, seed: 91 });
const recognise = (card: SimulatedCard, layouts: CardLayouts): Promise<RecognisedCard> =>
  recogniserOf(layouts)(new DirectSession(card), READER);

describe('a card among those of two makers', () => {
  it.each(METER_CARDS)('is known and read as its own maker lays it out: %s', async (of) => {
    const { card, plan, layout } = sampleOf(of);
    const before = card.snapshot();
    const found = await recognise(card, BOTH_MAKERS);
    expect(found.driver.chip).toBe(chipOf(of));
    expect(found.layout?.id).toBe(layout.id);
    const image = await readCard(found.driver, new Uint8Array(4), knownLayout(found));
    expect(toHex(image.serial)).toBe(plan.serial);
    for (const file of ['parameters', 'purse', 'returnData'] as const) {
      const region = METER_FILES[of][file];
      expect(await found.driver.read(region)).toEqual(bytesAt(card, region));
    }
    expect(card.snapshot()).toEqual(before);
  });

  it('is left alone where both could be its makers, and nothing is written to it', async () => {
    const { card } = sampleOf('second-SLE4442');
    const before = card.snapshot();
    const twin = { ...SECOND_SLE4442, id: 'twin', recognise: SECOND_SLE4442.recognise.slice(0, 1) };
    const failure = recognise(card, { version: 2, layouts: [SECOND_SLE4442, twin] });
    await expect(failure).rejects.toMatchObject({
      code: 'meter-card.unreadable',
      context: { layouts: 'second-SLE4442 twin' },
    });
    expect(card.snapshot()).toEqual(before);
  });

  it.each<[string, (typeof METER_CARDS)[number], CardLayout[]]>([
    ['a chip that no layout is of', 'SLE4428', [SECOND_SLE4442]],
    ['a CPU card, which no layout is of', 'CPU', [SECOND_SLE4442]],
    ['a card without the mark', 'SLE4442', [SECOND_SLE4442]],
    [
      'a CPU card whose file with the mark is another’s',
      'second-CPU',
      [{ ...SECOND_CPU, recognise: [{ zone: 'df01:07', offset: 0, bytes: '69' }] }],
    ],
  ])('is of none: %s', async (_, of, layouts) => {
    const found = await recognise(sampleOf(of).card, { version: 2, layouts });
    expect(found.layout).toBeUndefined();
    expect(() => knownLayout(found)).toThrow(/No layout is known/);
  });

  it('is of none where a CPU card has the files of neither dialect', async () => {
    const { card } = sampleOf('second-CPU');
    const layouts = BOTH_MAKERS.layouts.filter(({ id }) => id !== 'second-CPU');
    const third = { ...SECOND_CPU, id: 'third', dialect: { ...knownDialect(), id: 'third' } };
    const failure = recognise(card, { version: 2, layouts: [...layouts, third] });
    expect(await failure.catch(codeOf)).toBe('chip.unknown');
  });

  it('is asked for nothing more where there is one layout of its chip, and no mark', async () => {
    for (const of of ['SLE4442', 'CPU'] as const) {
      const { card } = sampleOf(of);
      const session = new DirectSession(card);
      const { layout } = await recogniserOf(BUILT_IN_LAYOUTS)(session, READER);
      expect(layout?.id).toBe(`sandbox-${of}`);
      // Selecting the kind of card, which a memory card needs in any case.
      expect(card.usage.apdus).toBe(of === 'CPU' ? 0 : 1);
    }
  });

  it('fails as its reader does', async () => {
    const { card } = sampleOf('second-SLE4442');
    let moments = 0;
    const session = new DirectSession(card, () => moments++ > 2);
    const failure = recogniserOf(BOTH_MAKERS)(session, READER);
    expect(await failure.catch(codeOf)).toMatch(/^card\.removed|^reader\./);
  });
});

function knownDialect() {
  const { dialect } = SECOND_CPU;
  if (dialect === undefined) throw new Error('no dialect');
  const files = dialect.files.map((file) => ({ ...file, length: file.length + 1 }));
  return { ...dialect, files };
}
