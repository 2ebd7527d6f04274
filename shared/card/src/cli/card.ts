import type { ChipDriver, MemoryReader } from '../chip/contract.ts';
import { CHIP_FAMILIES, identifyChip } from '../chip/identify.ts';
import { openCpuCard } from '../chip/cpu/dialect-probe.ts';
import { D1 } from '../chip/cpu/dialects.ts';
import { CpuDriver } from '../chip/cpu/driver.ts';
import { codeOf } from '../errors.ts';
import type { CardSession, CardSlot } from '../reader/slot.ts';

/** A card whose chip is known and whose driver is open. */
export interface OpenCard {
  readonly session: CardSession;
  readonly driver: ChipDriver;
  /** Whether the answer to reset said which chip it is, or a probe did. */
  readonly decidedBy: 'atr' | 'probe';
}

/** Identifies the card on a session. Burns no try of any code. */
export async function openCard(session: CardSession, reader: MemoryReader): Promise<OpenCard> {
  const driver = await dialectOf(session, await identifyChip(session, reader));
  const decidedBy = CHIP_FAMILIES.some((family) => family.matches(session.atr)) ? 'atr' : 'probe';
  return { session, driver, decidedBy };
}

/** CPU cards are taken for the first dialect until their files say which they have; reading alone tells. */
async function dialectOf(session: CardSession, driver: ChipDriver): Promise<ChipDriver> {
  if (driver.chip !== 'CPU') return driver;
  try {
    return await openCpuCard(session);
  } catch (error) {
    // Of none, or of more than one: it is shown by the first, file by file as far as they are there.
    const code = codeOf(error);
    if (code !== 'chip.unknown' && code !== 'chip.ambiguous') throw error;
    return new CpuDriver(session, D1, 'unknown');
  }
}

/** Powers the card up, gives it to `use`, and powers it down whatever comes. */
export async function withSession<T>(slot: CardSlot, use: (session: CardSession) => Promise<T>): Promise<T> {
  const session = await slot.open();
  try {
    return await use(session);
  } finally {
    await session.end();
  }
}

/** What a driver must be told of a reader. */
export function memoryReaderOf({ model }: Pick<CardSlot, 'model'>): MemoryReader {
  const { memoryDialect, wiresC4C8 }: MemoryReader = model;
  return {
    ...(memoryDialect === undefined ? {} : { memoryDialect }),
    ...(wiresC4C8 === undefined ? {} : { wiresC4C8 }),
  };
}
