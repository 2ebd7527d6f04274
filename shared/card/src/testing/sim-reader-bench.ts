import type { Clock } from '../clock.ts';
import type { ExchangeLevel } from '../framing/ccid/descriptor.ts';
import { openCcidReader } from '../reader/ccid-reader.ts';
import { plainCard } from './sim-card-line-plain.ts';
import { SimulatedReader } from './sim-reader.ts';

export interface ApduBenchInit {
  readonly clock: Clock;
  readonly level: ExchangeLevel;
  readonly protocol: 'T0' | 'T1';
  /** Measured, after a tenth as many that are not. */
  readonly apdus: number;
  /** Bytes of each answer without its status word, 1–255; 32 when absent, a usual read. */
  readonly bytes?: number;
  /** Nanoseconds from any origin, as Node's `process.hrtime.bigint`. */
  readonly hrtime: () => bigint;
}

/** Microseconds of one APDU, both sides of the simulated wire included. */
export interface ApduBench {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

const ATRS = {
  T0: Uint8Array.of(0x3b, 0x00),
  T1: Uint8Array.of(0x3b, 0x80, 0x81, 0x31, 0xfe, 0x45, 0x8b),
} as const;

/**
 * So many reads through CCID messages, the exchange level and the card's protocol, to a card that answers at once: what
 * is left is the work of framing and reader, and of the simulator, which does the same work the other way round.
 */
export async function benchApdus(init: ApduBenchInit): Promise<ApduBench> {
  const { clock, level, protocol, apdus, bytes = 32, hrtime } = init;
  const reader = new SimulatedReader({ clock, level });
  const answer = new Uint8Array(bytes + 2);
  answer.set([0x90, 0x00], bytes);
  const opened = openCcidReader(reader.attach(), clock);
  const [slot] = opened.slots;
  if (slot === undefined) throw new Error('the simulated reader has no slot');
  reader.insert(plainCard(ATRS[protocol], () => answer));
  const session = await slot.open();
  const command = Uint8Array.of(0x00, 0xb0, 0x00, 0x00, bytes);
  for (let i = 0; i < apdus / 10; i++) await session.transmit(command);
  const times = new Float64Array(apdus);
  for (let i = 0; i < apdus; i++) {
    const start = hrtime();
    await session.transmit(command);
    times[i] = Number(hrtime() - start) / 1_000;
  }
  await opened.close();
  times.sort();
  const at = (share: number): number => times[Math.min(Math.floor(apdus * share), apdus - 1)] ?? 0;
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}
