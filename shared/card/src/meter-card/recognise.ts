import { equalBytes } from '../bytes/compare.ts';
import { fromHex } from '../bytes/hex.ts';
import type { ChipDriver } from '../chip/contract.ts';
import { probeDialect } from '../chip/cpu/dialect-probe.ts';
import type { CpuDialect } from '../chip/cpu/dialect.ts';
import { CpuDriver } from '../chip/cpu/driver.ts';
import { identifyChip } from '../chip/identify.ts';
import { codeOf } from '../errors.ts';
import type { CardSession } from '../reader/slot.ts';
import { MeterCardError } from './error.ts';
import type { CardLayout, CardLayouts, MakersMark, Recognise, RecognisedCard } from './layout.ts';

const NOT_SHOWN: readonly string[] = ['chip.out-of-range', 'chip.unreadable'];

/**
 * Finds a card's layout among several by its maker's marks, and a CPU card's by its files: reading alone tells, so that no
 * try can be lost. `meter-card.unreadable` for a card that two layouts claim; else fails as `identifyChip` does.
 */
export function recogniserOf({ layouts }: CardLayouts): Recognise {
  return async (session, reader) => {
    const driver = await identifyChip(session, reader);
    const ofChip = layouts.filter(({ chip }) => chip === driver.chip);
    return driver.chip === 'CPU'
      ? recogniseCpu(session, driver, ofChip)
      : { driver, layout: await theOne(driver, ofChip) };
  };
}

/** Only where there are several dialects does the card have to be asked which it has. */
async function recogniseCpu(
  session: CardSession,
  driver: ChipDriver,
  layouts: readonly CardLayout[],
): Promise<RecognisedCard> {
  const dialects = new Map<string, CpuDialect>();
  for (const { dialect } of layouts) if (dialect !== undefined) dialects.set(dialect.id, dialect);
  const [first, second] = dialects.values();
  if (first === undefined) return { driver, layout: undefined };
  const dialect = second === undefined ? first : await probeDialect(session, [...dialects.values()]);
  const right = new CpuDriver(session, dialect, second === undefined ? 'mf' : 'unknown');
  const layout = await theOne(
    right,
    layouts.filter((one) => one.dialect?.id === dialect.id),
  );
  return { driver: right, layout };
}

/** Undefined where no layout's marks are on the card. */
async function theOne(driver: ChipDriver, layouts: readonly CardLayout[]): Promise<CardLayout | undefined> {
  const found: CardLayout[] = [];
  for (const layout of layouts) if (await isOf(driver, layout)) found.push(layout);
  if (found.length < 2) return found[0];
  throw new MeterCardError({
    code: 'meter-card.unreadable',
    message: 'This card could be of several makers and is left alone. Please ask the staff.',
    context: { layouts: found.map(({ id }) => id).join(' ') },
  });
}

async function isOf(driver: ChipDriver, { recognise }: CardLayout): Promise<boolean> {
  for (const mark of recognise) if (!(await bears(driver, mark))) return false;
  return true;
}

/** A card that does not have those bytes, or does not show them, is another maker's. */
async function bears(driver: ChipDriver, { zone, offset, bytes }: MakersMark): Promise<boolean> {
  const wanted = fromHex(bytes);
  try {
    return equalBytes(await driver.read({ zone, offset, length: wanted.length }), wanted);
  } catch (error) {
    if (NOT_SHOWN.includes(codeOf(error) ?? '')) return false;
    throw error;
  }
}
