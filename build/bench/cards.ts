import { leastFor, naiveFor } from '@bianmin/shared/testing/least/least';
import { totalMs } from '@bianmin/shared/testing/least/model';
import type { CardUsage } from '@bianmin/shared/testing/simulated-card';
import type { BenchContext, BenchResult } from './bench.ts';
import { METER_CHIPS } from '@bianmin/shared/testing/meter-files';
import { CardBench, type CardPurchase } from './card-purchase.ts';

const FACE_FEN = 5000;

export interface CardRow extends CardUsage {
  readonly bench: 'cards';
  readonly chip: string;
  readonly least: CardUsage;
  readonly naive: CardUsage;
  /** (bus + EEPROM time used) / (the same of the least). */
  readonly ratioToLeast: number;
  readonly ratioToNaive: number;
}

export function cardRow(chip: string, { used, before, after }: Omit<CardPurchase, 'creditedFen'>): CardRow {
  const least = leastFor(before, after);
  const naive = naiveFor(before, after);
  return {
    bench: 'cards',
    chip,
    ...rounded(used),
    ratioToLeast: round(totalMs(used) / totalMs(least)),
    ratioToNaive: round(totalMs(used) / totalMs(naive)),
    least: rounded(least),
    naive: rounded(naive),
  };
}

/** What one whole purchase costs the card, against the least possible and against reading and writing all. */
export async function benchCards({ seed }: BenchContext): Promise<BenchResult> {
  const bench = await CardBench.open(seed);
  const rows: CardRow[] = [];
  const faults: string[] = [];
  try {
    for (const chip of METER_CHIPS) {
      const purchase = await bench.purchase(chip, FACE_FEN);
      rows.push(cardRow(chip, purchase));
      if (purchase.creditedFen !== FACE_FEN) {
        faults.push(`${chip}: the meter credited ${purchase.creditedFen} fen, not ${FACE_FEN}`);
      }
    }
  } finally {
    await bench.close();
  }
  return { rows, engine: 'none', faults };
}

function rounded({ apdus, bytes, busMs, eepromMs, eepromCycles }: CardUsage): CardUsage {
  return { apdus, bytes, busMs: round(busMs), eepromMs: round(eepromMs), eepromCycles };
}

function round(value: number): number {
  return Number(value.toFixed(3));
}
