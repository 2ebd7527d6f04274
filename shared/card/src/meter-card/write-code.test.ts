import { describe, expect, it } from 'vitest';
import { tripleDes } from '../testing/node/triple-des.ts';
import { samplePurchase } from '../testing/sample-purchase.ts';
import { SimulatedSle4442Card } from '../testing/chips/sle4442/card.ts';
import { asReleased, type WritePlan } from './plan.ts';
import { writeCard } from './write.ts';
import { rig, codeOf } from '../testing/write-rig.ts';

const MEMORY_CHIPS = ['SLE4442', 'SLE4428', 'AT88SC1608', 'AT88SC1602', 'AT88SC153'] as const;

describe('the code of a memory card', () => {
  const withCounter = async (
    errorCounter: number,
    interrupted: boolean,
    { lastTry = false, silent = false } = {},
  ): Promise<string> => {
    const sample = samplePurchase('SLE4442', { cipher: tripleDes, seed: 21 });
    const purchase = { ...sample, plan: asReleased(sample.plan, { lastTry, afterSilence: silent }) };
    const snapshot = purchase.card.snapshot();
    const card = SimulatedSle4442Card.restore({ ...snapshot, state: { ...snapshot.state, errorCounter } });
    const first = await rig({ ...purchase, card });
    if (interrupted) {
      const probe = await rig(purchase);
      await writeCard(probe);
      const entry = probe.journal.puts[1];
      if (entry === undefined) throw new Error('no entry');
      await first.journal.put(entry);
    }
    const outcome = await codeOf(writeCard(first));
    expect(card.errorCounter).toBe(outcome === 'nothing went wrong' ? 0x07 : errorCounter);
    return outcome;
  };

  it('is presented with all tries, or with two when our own journal says that we were interrupted', async () => {
    expect(await withCounter(0x07, false)).toBe('nothing went wrong');
    expect(await withCounter(0x06, true)).toBe('nothing went wrong');
  });

  it('is otherwise left to staff, without using a try', async () => {
    expect(await withCounter(0x06, false)).toBe('meter-card.code-tries');
    expect(await withCounter(0x04, true)).toBe('meter-card.code-tries');
    expect(await withCounter(0x00, true)).toBe('meter-card.locked');
  });

  it('is presented with two where the server never heard what became of an earlier release, and never with one', async () => {
    const silent = { silent: true };
    expect(await withCounter(0x06, false, silent)).toBe('nothing went wrong');
    expect(await withCounter(0x04, false, silent)).toBe('meter-card.code-tries');
    expect(await withCounter(0x00, false, silent)).toBe('meter-card.locked');
  });

  it('meets the last try where staff released the plan, and the card has all its tries again', async () => {
    expect(await withCounter(0x06, false, { lastTry: true })).toBe('nothing went wrong');
    expect(await withCounter(0x04, false, { lastTry: true })).toBe('nothing went wrong');
    expect(await withCounter(0x00, false, { lastTry: true })).toBe('meter-card.locked');
  });

  it('gives the tries back to a card that already holds the sale, on the word of staff only', async () => {
    const purchase = samplePurchase('SLE4442', { cipher: tripleDes, seed: 23 });
    await writeCard(await rig(purchase));
    const snapshot = purchase.card.snapshot();
    for (const lastTry of [false, true]) {
      const card = SimulatedSle4442Card.restore({
        ...snapshot,
        state: { ...snapshot.state, errorCounter: 0x04 },
      });
      await writeCard(await rig({ ...purchase, card, plan: asReleased(purchase.plan, { lastTry }) }));
      expect(card.errorCounter).toBe(lastTry ? 0x07 : 0x04);
    }
  });

  it('is never marked for the last try but by staff, whatever the plan of the grid says', () => {
    const { plan } = samplePurchase('SLE4442', { cipher: tripleDes, seed: 24 });
    const marked = asReleased(plan, { lastTry: true });
    expect(marked.steps).not.toEqual(plan.steps);
    expect(asReleased(marked)).toEqual(plan);
    expect(asReleased({ ...plan, afterSilence: true })).toEqual(plan);
  });

  it('that is wrong costs one try and stops the write', async () => {
    const purchase = samplePurchase('SLE4442', { cipher: tripleDes, seed: 22 });
    const init = await rig(purchase, { plan: spoilt(purchase.plan) });
    expect(await codeOf(writeCard(init))).toBe('meter-card.code-wrong');
    expect((purchase.card as SimulatedSle4442Card).errorCounter).toBe(0x06);
  });
});

/** With a code that no card has. */
function spoilt(plan: WritePlan): WritePlan {
  const steps = plan.steps.map((step) =>
    step.op === 'present-code' ? { ...step, code: step.code.replace(/./gu, '5') } : step,
  );
  return { ...plan, steps };
}

describe.each(MEMORY_CHIPS)('a code that a card refused: %s', (chip) => {
  it('is on record with the tries that the card told then, and met no more without staff', async () => {
    const purchase = samplePurchase(chip, { cipher: tripleDes, seed: 25 });
    const plan = spoilt(purchase.plan);
    const init = await rig(purchase, { plan });
    expect(await codeOf(writeCard(init))).toBe('meter-card.code-wrong');
    await init.session.end();
    const { journal } = init;
    const { driver, session } = await rig(purchase);
    const { left, full } = (await driver.tries(0)) ?? { left: 0, full: 0 };
    expect(left).toBe(full - 1);
    expect(await journal.list()).toMatchObject([
      { phase: 'failed', reason: 'meter-card.code-wrong', triesLeft: left },
    ]);
    await session.end();

    for (const silent of [false, true]) {
      const again = await rig(purchase, { plan: silent ? { ...plan, afterSilence: true } : plan, journal });
      // That a release ended in silence says nothing of tries that were lost by a refusal which was heard here.
      expect(await codeOf(writeCard(again))).toBe('meter-card.code-tries');
      expect((await again.driver.tries(0))?.left).toBe(left);
      await again.session.end();
    }
    expect(await journal.list()).toMatchObject([{ reason: 'meter-card.code-wrong', triesLeft: left }]);
  });

  it('is on record with no tries where it met the last one and locked the card', async () => {
    const purchase = samplePurchase(chip, { cipher: tripleDes, seed: 26 });
    const plan = asReleased(spoilt(purchase.plan), { lastTry: true });
    const { journal } = await rig(purchase);
    for (let tries = 0; ; tries += 1) {
      const init = await rig(purchase, { plan, journal });
      const code = await codeOf(writeCard(init));
      await init.session.end();
      if (code === 'meter-card.locked') break;
      expect([code, tries]).toEqual(['meter-card.code-wrong', expect.any(Number)]);
    }
    expect(await journal.list()).toMatchObject([
      { phase: 'failed', reason: 'meter-card.locked', triesLeft: 0 },
    ]);
  });

  it('is not said to have been refused by a card that was locked before', async () => {
    const purchase = samplePurchase(chip, { cipher: tripleDes, seed: 27 });
    const init = await rig(purchase);
    init.driver.tries = () => Promise.resolve({ left: 0, full: 3 });
    expect(await codeOf(writeCard(init))).toBe('meter-card.locked');
    expect((await init.journal.list())[0]).not.toHaveProperty('triesLeft');
  });
});
