import process from 'node:process';
import { systemClock } from '@bianmin/card/node/system-clock';
import { benchApdus } from '@bianmin/card/testing/sim-reader-bench';
import type { BenchContext, BenchResult } from './bench.ts';

const APDUS = 20_000;
const LEVELS = ['character', 'tpdu', 'short-apdu', 'extended-apdu'] as const;
const PROTOCOLS = ['T0', 'T1'] as const;
/** CPU time of one APDU through framing and reader, both sides of the wire. */
const GOAL_P50_US = 50;

/** What one APDU costs the processor, at each level that a reader may work at. */
export async function benchApduTime({ report, orders: apdus = APDUS }: BenchContext): Promise<BenchResult> {
  const rows: object[] = [];
  const missed: string[] = [];
  for (const level of LEVELS) {
    for (const protocol of PROTOCOLS) {
      const hrtime = (): bigint => process.hrtime.bigint();
      const { p50, p95 } = await benchApdus({ clock: systemClock, level, protocol, apdus, hrtime });
      const [p50Us, p95Us] = [Number(p50.toFixed(1)), Number(p95.toFixed(1))];
      rows.push({ bench: 'apdu', level, protocol, apdus, p50Us, p95Us, goalP50Us: GOAL_P50_US });
      report(`${level}, ${protocol}: ${p50Us} µs`);
      if (p50 > GOAL_P50_US) missed.push(`${level}, ${protocol}: ${p50Us} µs, not ${GOAL_P50_US}`);
    }
  }
  return { rows, engine: 'none', faults: [], missed };
}
