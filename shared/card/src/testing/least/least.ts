import type { CardImage } from '../../meter-card/image.ts';
import type { MemoryChip } from '../meter-files.ts';
import type { CardUsage } from '../simulated-card.ts';
import { at88sc153Cost } from './at88sc153.ts';
import { at88sc1602Cost } from './at88sc1602.ts';
import { at88sc1608Cost } from './at88sc1608.ts';
import { leastCpu, naiveCpu } from './cpu.ts';
import { leastMemory, naiveMemory, type MemoryCost } from './memory.ts';
import { sle4428Cost } from './sle4428.ts';
import { sle4442Cost } from './sle4442.ts';

const MEMORY_COSTS: Readonly<Partial<Record<MemoryChip, MemoryCost>>> = {
  SLE4442: sle4442Cost,
  SLE4428: sle4428Cost,
  AT88SC1608: at88sc1608Cost,
  AT88SC153: at88sc153Cost,
  AT88SC1602: at88sc1602Cost,
};

/**
 * The theoretical least of a purchase, by formula from the image before and the image after, without any driver:
 * every byte that the grid must see once, the shortest correct presentation or authentication once, the changed runs
 * in as few commands as pay off, those runs read once afterwards. Readers' own overhead is left out of both sides.
 */
export function leastFor(before: CardImage, after: CardImage): CardUsage {
  return before.chip === 'CPU' ? leastCpu(before, after) : leastMemory(costOf(before), before, after);
}

/** Read all, write all, read all: the whole chip, whatever changes. */
export function naiveFor(before: CardImage, after: CardImage): CardUsage {
  return before.chip === 'CPU' ? naiveCpu() : naiveMemory(costOf(before), before, after);
}

function costOf({ chip }: CardImage): MemoryCost {
  const cost = (MEMORY_COSTS as Readonly<Record<string, MemoryCost | undefined>>)[chip];
  if (cost === undefined) throw new RangeError(`no formula for ${chip}`);
  return cost;
}
