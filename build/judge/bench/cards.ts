import { BUS_CLOCK_HZ as AT88SC153_HZ } from '@bianmin/card/chip/at88sc153/constants';
import { BUS_CLOCK_HZ as AT88SC1608_HZ } from '@bianmin/card/chip/at88sc1608/constants';
import { BUS_CLOCK_HZ as BIT_SERIAL_HZ } from '@bianmin/card/chip/bit-serial/constants';
import { BUS_CLOCK_HZ as SLE4428_HZ } from '@bianmin/card/chip/sle4428/constants';
import { BUS_CLOCK_HZ as SLE4442_HZ } from '@bianmin/card/chip/sle4442/constants';
import { DEFAULT_FI_DI, fiDiOf } from '@bianmin/card/framing/fi-di';
import { CPU_BAUD } from '@bianmin/card/testing/chips/cpu/line';
import { leastFor, naiveFor } from '@bianmin/card/testing/least/least';
import { totalMs } from '@bianmin/card/testing/least/model';
import type { CardUsage } from '@bianmin/card/testing/simulated-card';
import { METER_CHIPS, type MeterChip } from '@bianmin/card/testing/meter-files';
import type { BenchContext, BenchResult } from './bench.ts';
import { CardBench, type CardPurchase } from './card-purchase.ts';

const FACE_FEN = 5000;

/** The clock on each chip's bus, Hz; a CPU card's is the one at which a bit after reset has its 372 cycles. */
const CLOCK_HZ: Readonly<Record<MeterChip, number>> = {
  SLE4442: SLE4442_HZ,
  SLE4428: SLE4428_HZ,
  CPU: CPU_BAUD * (fiDiOf(DEFAULT_FI_DI)?.fi ?? 0),
  AT88SC1608: AT88SC1608_HZ,
  AT88SC1602: BIT_SERIAL_HZ,
  AT88SC153: AT88SC153_HZ,
};

interface CardCost extends CardUsage {
  /** Clock cycles of `busMs`. */
  readonly busClocks: number;
}

export interface CardRow extends CardCost {
  readonly bench: 'cards';
  readonly chip: MeterChip;
  readonly least: CardCost;
  readonly naive: CardCost;
  /** (bus + EEPROM time used) / (the same of the least). */
  readonly ratioToLeast: number;
  readonly ratioToNaive: number;
}

export function cardRow(
  chip: MeterChip,
  { used, before, after }: Omit<CardPurchase, 'creditedFen'>,
): CardRow {
  const least = leastFor(before, after);
  const naive = naiveFor(before, after);
  return {
    bench: 'cards',
    chip,
    ...costOf(chip, used),
    ratioToLeast: round(totalMs(used) / totalMs(least)),
    ratioToNaive: round(totalMs(used) / totalMs(naive)),
    least: costOf(chip, least),
    naive: costOf(chip, naive),
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

function costOf(chip: MeterChip, { apdus, bytes, busMs, eepromMs, eepromCycles }: CardUsage): CardCost {
  const busClocks = Math.round((busMs * CLOCK_HZ[chip]) / 1000);
  return { apdus, bytes, busMs: round(busMs), busClocks, eepromMs: round(eepromMs), eepromCycles };
}

function round(value: number): number {
  return Number(value.toFixed(3));
}
