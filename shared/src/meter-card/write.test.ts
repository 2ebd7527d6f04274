import { describe, expect, it } from 'vitest';
import { identifyChip } from '../chip/identify.ts';
import { tripleDes } from '../testing/node/triple-des.ts';
import { DirectSession } from '../testing/direct-session.ts';
import { MemoryJournal } from '../testing/memory-journal.ts';
import { samplePurchase, type SamplePurchase } from '../testing/sample-purchase.ts';
import type { MeterChip } from '../testing/meter-files.ts';
import { SimulatedSle4442Card } from '../testing/chips/sle4442/card.ts';
import { imageDigest } from './digest.ts';
import { MeterCardError } from './error.ts';
import { asReleased } from './plan.ts';
import type { WritePhase } from './progress.ts';
import { readCard } from './read.ts';
import { writeCard, type WriteCardInit } from './write.ts';

const CHIPS: readonly MeterChip[] = ['SLE4442', 'CPU'];
const READER = { memoryDialect: 'acs' } as const;

async function rig(
  purchase: SamplePurchase,
  change: Partial<WriteCardInit> = {},
): Promise<WriteCardInit & { journal: MemoryJournal; session: DirectSession }> {
  const session = new DirectSession(purchase.card);
  const driver = await identifyChip(session, READER);
  const journal = new MemoryJournal();
  return {
    driver,
    session,
    atr: session.atr,
    plan: purchase.plan,
    lease: { no: 3, expiresAtMonotonic: 60_000 },
    clock: { now: () => 1_000, monotonic: () => 0, sleep: () => Promise.resolve() },
    authorise: purchase.authorise,
    ...change,
    journal: (change.journal as MemoryJournal | undefined) ?? journal,
  };
}

const codeOf = async (running: Promise<unknown>): Promise<string> => {
  try {
    await running;
  } catch (error) {
    if (error instanceof MeterCardError) return error.code;
    throw error;
  }
  return 'nothing went wrong';
};

describe.each(CHIPS)('writing a purchase on %s', (chip) => {
  it('puts exactly the sale on the card: the meter credits it once', async () => {
    const purchase = samplePurchase(chip, { cipher: tripleDes, seed: 11 });
    const opening = purchase.meter.balanceFen;
    const phases: [WritePhase, number][] = [];
    const init = await rig(purchase, { onProgress: (phase, fraction) => phases.push([phase, fraction]) });
    const written = await writeCard(init);

    expect(purchase.meter.insert(purchase.card)).toEqual({
      creditedFen: purchase.amountFen,
      error: undefined,
    });
    expect(purchase.meter.insert(purchase.card)).toEqual({ creditedFen: 0, error: undefined });
    expect(purchase.meter.balanceFen).toBe(opening + purchase.amountFen);
    expect(purchase.meter.count).toBe(purchase.count);
    expect(written.imageDigest).toBe(imageDigest(written.image));
    expect(phases[0]?.[0]).toBe('code');
    expect(phases.at(-1)).toEqual(['read-back', 1]);
    const fractions = phases.map(([, fraction]) => fraction);
    expect([...fractions].sort((a, b) => a - b)).toEqual(fractions);
  });

  it('says in its journal what may have happened, before it happens, and no secret', async () => {
    const purchase = samplePurchase(chip, { cipher: tripleDes, seed: 12 });
    const init = await rig(purchase);
    await writeCard(init);
    expect(init.journal.puts.map(({ phase }) => phase)).toEqual([
      'intent',
      'presenting',
      'writing',
      'written',
    ]);
    const text = JSON.stringify(init.journal.puts);
    for (const { code } of purchase.codes) {
      expect(text).not.toContain(Buffer.from(code).toString('hex').toUpperCase());
    }
  });

  it('gives the digest that a fresh reading gives', async () => {
    const purchase = samplePurchase(chip, { cipher: tripleDes, seed: 13 });
    const { imageDigest: claimed } = await writeCard(await rig(purchase));
    const init = await rig(purchase);
    expect(imageDigest(await readCard(init.driver, init.atr))).toBe(claimed);
  });

  it('writes nothing on another card', async () => {
    const purchase = samplePurchase(chip, { cipher: tripleDes, seed: 14 });
    const other = samplePurchase(chip, { cipher: tripleDes, seed: 15 });
    const before = JSON.stringify(other.card.snapshot());
    expect(await codeOf(writeCard(await rig(other, { plan: purchase.plan })))).toBe('meter-card.other-card');
    expect(JSON.stringify(other.card.snapshot())).toBe(before);
  });

  it('writes nothing on a card that is not as it was sold against', async () => {
    const purchase = samplePurchase(chip, { cipher: tripleDes, seed: 16 });
    const before = JSON.stringify(purchase.card.snapshot());
    const init = await rig(purchase, { releasedDigest: '0'.repeat(64) });
    expect(await codeOf(writeCard(init))).toBe('meter-card.card-changed');
    expect(JSON.stringify(purchase.card.snapshot())).toBe(before);
    expect(init.journal.puts).toEqual([]);
  });

  it('does not read again what was just read on the same session', async () => {
    const usedWith = async (known: boolean): Promise<number> => {
      const purchase = samplePurchase(chip, { cipher: tripleDes, seed: 19 });
      const init = await rig(purchase);
      const image = await readCard(init.driver, init.atr);
      purchase.card.resetUsage();
      await writeCard({ ...init, releasedDigest: imageDigest(image), ...(known ? { image } : {}) });
      expect(purchase.meter.insert(purchase.card)).toMatchObject({ creditedFen: purchase.amountFen });
      return purchase.card.usage.bytes;
    };
    const reading = (await usedWith(false)) - (await usedWith(true));
    // What the grid must see of a card, and the commands around it.
    expect(reading).toBeGreaterThan(110);
  });

  it('resumes only a card that is unchanged outside the ranges', async () => {
    const purchase = samplePurchase(chip, { cipher: tripleDes, seed: 17 });
    const first = await rig(purchase);
    await writeCard(first);
    const entry = first.journal.puts.at(-1);
    if (entry === undefined) throw new Error('no entry');
    await first.journal.put({ ...entry, phase: 'writing', outsideDigest: 'f'.repeat(64) });
    const again = await rig(purchase, { journal: first.journal });
    expect(await codeOf(writeCard(again))).toBe('meter-card.card-changed');
  });

  it('refuses to start, and to go on, after its lease', async () => {
    const purchase = samplePurchase(chip, { cipher: tripleDes, seed: 18 });
    const late = await rig(purchase, { lease: { no: 1, expiresAtMonotonic: 0 } });
    expect(await codeOf(writeCard(late))).toBe('meter-card.lease-expired');

    let calls = 0;
    const clock = { now: () => 0, monotonic: () => calls++, sleep: () => Promise.resolve() };
    const inside = await rig(purchase, { clock, lease: { no: 1, expiresAtMonotonic: 3 } });
    expect(await codeOf(writeCard(inside))).toBe('meter-card.lease-expired');
    expect(purchase.meter.insert(purchase.card).creditedFen).toBe(0);

    await writeCard(await rig(purchase, { journal: inside.journal }));
    expect(purchase.meter.insert(purchase.card).creditedFen).toBe(purchase.amountFen);
  });

  it('changes nothing on a card that already holds the sale', async () => {
    const purchase = samplePurchase(chip, { cipher: tripleDes, seed: 19 });
    await writeCard(await rig(purchase));
    purchase.card.resetUsage();
    await writeCard(await rig(purchase));
    const { eepromCycles } = purchase.card.usage;
    // A CPU card's authentication burns and restores one try; a memory card's code is not even presented.
    expect(eepromCycles).toBe(chip === 'CPU' ? 2 : 0);
  });
});

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
    const steps = purchase.plan.steps.map((step) =>
      step.op === 'present-code' ? { ...step, code: '000000' } : step,
    );
    const init = await rig(purchase, { plan: { ...purchase.plan, steps } });
    expect(await codeOf(writeCard(init))).toBe('meter-card.code-wrong');
    expect((purchase.card as SimulatedSle4442Card).errorCounter).toBe(0x06);
  });
});
