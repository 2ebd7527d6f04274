import { METER_CARDS } from '@bianmin/card/testing/meter-files';
import type { SimulatedCard } from '@bianmin/card/testing/simulated-card';
import type { OrderView } from '@bianmin/purchase/api/order';
import type { InsertResult } from '../../../server/sandbox/grid/meter/meter-state.ts';
import type { GridSandbox } from '../../../server/sandbox/grid/sandbox.ts';
import {
  moreHouseholds,
  type HouseholdDifference,
} from '../../../server/sandbox/grid/world/more-households.ts';
import { familiesOf, type Family } from './families.ts';
import type { Mishaps } from './grid-mishaps.ts';
import { MeterExchanges } from './meter-exchanges.ts';

/** The number that a meter shows then. */
const OVER_THE_CEILING = 21;

/** One household with its card and its meter. */
export interface Resident {
  meterNo: string;
  readonly customerNo: string;
  cardId: string;
  card: SimulatedCard;
  /** Whose three cards lie in one drawer, and whose phone is bound to three meters. */
  readonly family: Family;
  /** Not before this, ms on the monotonic clock: something of it is still being decided. */
  restsUntil: number;
}

/** By what a household knows which of its meters a screen means. */
export interface ShownHousehold {
  readonly meterTail?: string | undefined;
}

/** An order that its terminal or phone was told of. */
export interface MadeOrder {
  readonly orderNo: string;
  readonly meterNo: string;
  readonly customerNo: string;
  /** What the screen said that it is for, before it was paid. */
  readonly shown: ShownHousehold;
  /** By the terminal or the phone that made it. */
  readonly view: () => Promise<OrderView>;
  /** Of a remote order whose credit failed: asks for the money back, as a payer who never came back to choose. */
  readonly giveUp?: () => Promise<unknown>;
}

/** The residents of a soak, who is at home, and what was bought. */
export class Town {
  readonly residents: readonly Resident[];
  readonly orders = new Map<string, MadeOrder>();
  /** Told of each order as it is made. */
  onMade: (order: MadeOrder, mishaps: Pick<Mishaps, 'faceFen' | 'paying' | 'wallet' | 'money'>) => void =
    () => undefined;
  /** Told of each order that was sold while its household stood there. */
  onSold: (orderNo: string) => void = () => undefined;
  readonly exchanges: MeterExchanges;
  /** Orders about whose card a terminal did not tell the truth, so that card or meter contradicts it. */
  readonly lies = new Set<string>();
  /** How often a meter had no room for what a card brought, and how much stayed on cards by that, fen. */
  meterRefused = 0;
  onCardsFen = 0;
  /** What meters without room hold, fen, by number. */
  readonly #full = new Map<string, number>();
  readonly #grid: GridSandbox;
  readonly #atHome: Resident[];
  /** Why visits ended early, by code. */
  readonly #mishaps = new Map<string, number>();

  /** As many households of each chip and maker; `differs`: what the n-th of each owes, is charged and has room for. */
  constructor(grid: GridSandbox, perChip: number, differs: (n: number) => HouseholdDifference = () => ({})) {
    this.#grid = grid;
    this.exchanges = new MeterExchanges(grid.world);
    const byChip = METER_CARDS.map((chip) => moreHouseholds(grid.world, { count: perChip, chip, differs }));
    const families = byChip.map(familiesOf);
    this.residents = Array.from({ length: perChip }, (_, i) =>
      byChip.flatMap((homes, chip) => {
        const home = homes[i];
        const family = families[chip]?.[i];
        if (home === undefined || family === undefined) return [];
        return [{ ...home, family, card: grid.world.drawer.get(home.cardId).sim, restsUntil: 0 }];
      }),
    ).flat();
    this.#atHome = [...this.residents];
  }

  made(order: MadeOrder, mishaps: Parameters<Town['onMade']>[1]): void {
    this.orders.set(order.orderNo, order);
    this.onMade(order, mishaps);
  }

  /** One who has nothing to wait for leaves home; undefined where all must wait. */
  leave(): Resident | undefined {
    const now = performance.now();
    const at = this.#atHome.findIndex(({ restsUntil }) => restsUntil <= now);
    return at < 0 ? undefined : this.#atHome.splice(at, 1)[0];
  }

  /** Who is at home, whether or not something of theirs is being decided. */
  home(): readonly Resident[] {
    return this.#atHome;
  }

  comeHome(resident: Resident, restMs: number): void {
    resident.restsUntil = performance.now() + restMs;
    this.#atHome.push(resident);
  }

  /** One of the same family who is at home lends the card, until it is given back; undefined: all are out. */
  borrow({ family, customerNo }: Resident): Resident | undefined {
    const at = this.#atHome.findIndex((other) => other.family === family && other.customerNo !== customerNo);
    return at < 0 ? undefined : this.#atHome.splice(at, 1)[0];
  }

  giveBack(lender: Resident): void {
    this.#atHome.push(lender);
  }

  /** The card is tried in the family's other meters, which take nothing of it. */
  tryOthers({ family, meterNo, cardId }: Resident): void {
    for (const home of family.homes) {
      if (home.meterNo !== meterNo) this.#grid.world.insert(home.meterNo, cardId);
    }
  }

  /** Every meter there is or was. */
  get meters(): string[] {
    return [...this.residents.map(({ meterNo }) => meterNo), ...this.exchanges.taken.keys()];
  }

  /** The card into the household's meter and out again. One that had no room has some at the next visit: it was used up. */
  visitMeter(resident: Resident, cardId = resident.cardId): InsertResult {
    const { meterNo } = resident;
    const { world } = this.#grid;
    const held = this.#full.get(meterNo);
    if (held !== undefined && held > 0) world.consume(meterNo, held);
    this.#full.delete(meterNo);
    const result = world.insert(meterNo, cardId);
    if (result.error === OVER_THE_CEILING) {
      this.#full.set(meterNo, result.balanceFen);
      this.meterRefused += 1;
      this.onCardsFen += world.sales.newestOf(meterNo)?.sale?.creditFen ?? 0;
    }
    return result;
  }

  /** A forger's copy of the card as it is now. */
  copyOf({ cardId }: Resident): { readonly cardId: string; readonly card: SimulatedCard } {
    const { id } = this.#grid.world.cloneCard(cardId);
    return { cardId: id, card: this.#grid.world.drawer.get(id).sim };
  }

  note(code: string): void {
    this.#mishaps.set(code, (this.#mishaps.get(code) ?? 0) + 1);
  }

  /** What visits ended with, the most frequent first. */
  noted(): string {
    const all = [...this.#mishaps].sort(([, a], [, b]) => b - a);
    return all.map(([code, times]) => `${code} ${times}`).join(', ');
  }
}
