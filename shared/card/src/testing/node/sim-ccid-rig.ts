import { systemClock } from '../../node/system-clock.ts';
import { tripleDes } from './triple-des.ts';
import { samplePurchase } from '../sample-purchase.ts';
import type { MeterChip } from '../meter-files.ts';
import { SimulatedReader } from '../sim-reader.ts';
import type { SimulatedReaderInit } from '../sim-reader.ts';
import { openCcidReader } from '../../reader/ccid-reader.ts';
import { ReaderError } from '../../reader/error.ts';
import type { CardSession, CardSlot } from '../../reader/slot.ts';

export const LEVELS = ['character', 'tpdu', 'short-apdu', 'extended-apdu'] as const;
type Level = (typeof LEVELS)[number];

export function rig(
  chip: MeterChip = 'SLE4442',
  level: Level = 'tpdu',
  protocol: 'T0' | 'T1' = 'T0',
  init: Partial<SimulatedReaderInit> = {},
) {
  const purchase = samplePurchase(chip, { cipher: tripleDes, seed: 7, protocol });
  const reader = new SimulatedReader({ clock: systemClock, level, ...init });
  const [slot] = openCcidReader(reader).slots;
  if (slot === undefined) throw new Error('no slot');
  return { reader, slot, card: purchase.card };
}

export async function code(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no error',
    (error: unknown) => (error instanceof ReaderError ? error.code : String(error)),
  );
}

export const READ_SERIAL = Uint8Array.of(0xff, 0xb0, 0x00, 0x08, 0x08);
const SELECT_SLE4442 = Uint8Array.of(0xff, 0xa4, 0x00, 0x00, 0x01, 0x06);

export async function openSle4442(slot: CardSlot): Promise<CardSession> {
  const session = await slot.open();
  await session.transmit(SELECT_SLE4442);
  return session;
}
