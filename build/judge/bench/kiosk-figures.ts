import type { NodeHeap } from '../../kit/process/heap.ts';

const GOALS = {
  cardToCustomerP95: { unit: 'ms', goal: 1000 },
  paidToWriteP95: { unit: 'ms', goal: 500 },
  inputToPaint: { unit: 'ms', goal: 50 },
  leakRatio: { unit: 'ratio', goal: 1.1 },
  bundleKB: { unit: 'KB', goal: 250 },
  coldStart: { unit: 'ms', goal: 8000 },
  warmStart: { unit: 'ms', goal: 5000 },
} as const;
type Figure = keyof typeof GOALS;

export interface KioskRow {
  readonly bench: 'kiosk';
  readonly name: Figure;
  readonly value: number;
  readonly unit: string;
  readonly goal: number;
}

export function kioskRow(name: Figure, value: number): KioskRow {
  const { unit, goal } = GOALS[name];
  return { bench: 'kiosk', name, value: Number(value.toFixed(unit === 'ratio' ? 3 : 1)), unit, goal };
}

/** How much larger the largest became: of the page's and the host's objects. */
export function leakRatio(of: { readonly before: Objects; readonly after: Objects }): number {
  const { before, after } = of;
  return Math.max(after.page / before.page, after.host / before.host);
}

/** JavaScript objects after a collection of garbage, MB of 1,048,576. */
export interface KioskHeap {
  readonly page: number;
  readonly host: number;
  /** With the code that V8 made in the host. The page's has none. */
  readonly hostUsed: number;
}

type Objects = Pick<KioskHeap, 'page' | 'host'>;

export function hostHeapMb({ objects, used }: NodeHeap): Pick<KioskHeap, 'host' | 'hostUsed'> {
  const mb = 1024 * 1024;
  return { host: objects / mb, hostUsed: used / mb };
}
