import { describe, expect, it } from 'vitest';
import { identifyChip } from '../../chip/identify.ts';
import { readBuiltIn, withLayout } from '../read-built-in.ts';
import { writeCard } from '../../meter-card/write.ts';
import { tripleDes } from '../node/triple-des.ts';
import { DirectSession } from '../direct-session.ts';
import { METER_CHIPS, type MeterChip } from '../meter-files.ts';
import { leastFor, naiveFor } from './least.ts';
import { totalMs } from './model.ts';
import { MemoryJournal } from '../memory-journal.ts';
import { samplePurchase } from '../sample-purchase.ts';

const CHIPS = METER_CHIPS;
/**
 * How many times the naive way costs what is used, at least. The AT88SC153 has 24 pages of user memory, ten of which
 * a purchase must change, in cycles that take as long whatever changes: the least itself is not three times better.
 */
const NAIVE_FACTOR: Readonly<Partial<Record<MeterChip, number>>> = { AT88SC153: 2.2 };
/** This plan writes a CPU card's parameter file whole, of which the formula counts the two bytes that differ. */
const MOST_OVER_LEAST: Readonly<Partial<Record<MeterChip, number>>> = { CPU: 1.2 };
const READER = { memoryDialect: 'acs', wiresC4C8: true } as const;

/** Reading the card for the grid, then the write: what one purchase does on one card. */
async function measured(chip: MeterChip, seed: number) {
  const { card, plan, authorise } = samplePurchase(chip, { cipher: tripleDes, seed });
  const session = new DirectSession(card);
  const driver = await identifyChip(session, READER);
  const before = await readBuiltIn(driver, session.atr);
  await session.end();
  card.resetUsage();
  const again = new DirectSession(card);
  const written = await writeCard({
    ...withLayout(await identifyChip(again, READER)),
    atr: again.atr,
    plan,
    lease: { no: 1, expiresAtMonotonic: 1 },
    journal: new MemoryJournal(),
    clock: { now: () => 0, monotonic: () => 0, sleep: () => Promise.resolve() },
    authorise,
  });
  return { used: card.usage, before, after: written.image };
}

describe.each(CHIPS)('the least of a purchase on %s', (chip) => {
  it('is below what is used, and what is used is near it and far below the naive way', async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const { used, before, after } = await measured(chip, seed);
      const least = leastFor(before, after);
      const naive = naiveFor(before, after);
      const ratio = totalMs(used) / totalMs(least);
      expect(ratio).toBeGreaterThanOrEqual(1);
      expect(ratio).toBeLessThan(MOST_OVER_LEAST[chip] ?? 1.1);
      expect(totalMs(naive) / totalMs(used)).toBeGreaterThan(NAIVE_FACTOR[chip] ?? 4);
    }
  });

  it('is one reading where nothing changes', async () => {
    const { before } = await measured(chip, 6);
    const least = leastFor(before, before);
    expect(least.eepromMs).toBe(0);
    // A selection, and a command for each file or zone.
    expect(least.apdus).toBe(chip === 'CPU' ? 5 : 1 + before.regions.length);
  });
});

it('counts an SLE4442 purchase by hand', () => {
  const image = (data: readonly number[]) =>
    ({
      chip: 'SLE4442',
      atr: new Uint8Array(),
      serial: new Uint8Array(8),
      regions: [{ zone: 'main', offset: 0x50, data: Uint8Array.from(data) }],
    }) as const;
  // Byte 0: bits rise and fall, byte 1: bits only fall, byte 2: to FF.
  const least = leastFor(image([0x0f, 0xff, 0x00, 0x33]), image([0xf0, 0x01, 0xff, 0x33]));
  expect(least.apdus).toBe(1 + 1 + 1 + 1 + 1);
  expect(least.bytes).toBe(8 + (5 + 4 + 2) + (8 + 2) + (5 + 3 + 2) + (5 + 3 + 2));
  expect(least.eepromMs).toBe(2 * 2.5 + 5 + 2.5 + 2.5);
  expect(least.eepromCycles).toBe(2 + 3);
  const clocks = 66 + (26 + 32 + 1) + (2 * 59 + 2 * 26 + 3 * 28) + 3 * 26 + (26 + 24 + 1);
  expect(least.busMs).toBeCloseTo(clocks / 50, 6);
});
