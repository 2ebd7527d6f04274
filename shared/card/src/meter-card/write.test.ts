import { ManualClock } from '../testing/manual-clock.ts';
import { askedNow, leaseFrom } from './lease.ts';
import { describe, expect, it } from 'vitest';
import { tripleDes } from '../testing/node/triple-des.ts';
import { samplePurchase } from '../testing/sample-purchase.ts';
import { chipOf, type MeterCard } from '../testing/meter-files.ts';
import { imageDigest } from './digest.ts';
import type { WritePhase } from './progress.ts';
import { readCard } from './read.ts';
import { writeCard } from './write.ts';
import { rig, codeOf } from '../testing/write-rig.ts';

const CARDS: readonly MeterCard[] = ['SLE4442', 'CPU', 'second-SLE4442', 'second-CPU'];

describe.each(CARDS)('writing a purchase on %s', (chip) => {
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
    expect(imageDigest(await readCard(init.driver, init.atr, init.layout))).toBe(claimed);
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
      const image = await readCard(init.driver, init.atr, init.layout);
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

  it('refuses a plan that slept with its machine for an hour: it may have been undone elsewhere', async () => {
    const purchase = samplePurchase(chip, { cipher: tripleDes, seed: 20 });
    const clock = new ManualClock();
    const lease = leaseFrom(askedNow(clock), { no: 1, ms: 120_000 });
    clock.suspend(3_600_000);
    expect(clock.monotonic()).toBeLessThan(lease.expiresAtMonotonic);
    expect(await codeOf(writeCard(await rig(purchase, { clock, lease })))).toBe('meter-card.lease-expired');
    expect(purchase.meter.insert(purchase.card).creditedFen).toBe(0);
  });

  it('refuses a plan whose both clocks slept, once the server says that its lease is over', async () => {
    const purchase = samplePurchase(chip, { cipher: tripleDes, seed: 21 });
    const before = await rig(purchase);
    const untouched = imageDigest(await readCard(before.driver, before.atr, before.layout));
    const asked: number[] = [];
    const over = await rig(purchase, { holds: () => Promise.resolve(asked.push(1) < 0) });
    const staged = over.plan.authorise !== undefined;
    const outcome = await codeOf(writeCard(over));
    if (staged) {
      // Each stage comes from the server, under the lease.
      expect([asked, outcome]).toEqual([[], 'nothing went wrong']);
      return;
    }
    expect([asked, outcome]).toEqual([[1], 'meter-card.lease-expired']);
    const after = await rig(purchase);
    expect(imageDigest(await readCard(after.driver, after.atr, after.layout))).toBe(untouched);
    expect(purchase.meter.insert(purchase.card).creditedFen).toBe(0);

    const held = await rig(purchase, { holds: () => Promise.resolve(asked.push(2) > 0) });
    await writeCard({ ...held, journal: over.journal });
    expect(asked).toEqual([1, 2]);
    expect(purchase.meter.insert(purchase.card).creditedFen).toBe(purchase.amountFen);
  });

  it('changes nothing on a card that already holds the sale', async () => {
    const purchase = samplePurchase(chip, { cipher: tripleDes, seed: 19 });
    await writeCard(await rig(purchase));
    purchase.card.resetUsage();
    await writeCard(await rig(purchase));
    const { eepromCycles } = purchase.card.usage;
    // A CPU card's authentication burns and restores one try; a memory card's code is not even presented.
    expect(eepromCycles).toBe(chipOf(chip) === 'CPU' ? 2 : 0);
  });
});
