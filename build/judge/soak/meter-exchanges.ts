import type { SimulatedCard } from '@bianmin/card/testing/simulated-card';
import { exchangeMeter, renewCard } from '../../../server/sandbox/grid/world/household-changes.ts';
import type { World } from '../../../server/sandbox/grid/world/world.ts';
import type { Family } from './families.ts';

/** Whose meter and card may come to be others. */
interface Household {
  meterNo: string;
  readonly customerNo: string;
  cardId: string;
  card: SimulatedCard;
  readonly family: Family;
}

/** 换表, as the households of a town see it. */
export class MeterExchanges {
  /** By meter that was taken down, the one that took its place. */
  readonly taken = new Map<string, string>();
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** Another meter: the card is of none until the grid's counter has made another. An account has no card. */
  exchange(resident: Household): void {
    const { meterNo: former, customerNo, family } = resident;
    if (this.#world.homes.customer(customerNo).account !== undefined) return;
    const { meterNo } = exchangeMeter(this.#world, customerNo);
    this.taken.set(former, meterNo);
    resident.meterNo = meterNo;
    for (const home of family.homes) if (home.customerNo === customerNo) home.meterNo = meterNo;
  }

  /** What was just bought is written, and was not in the meter yet: it stays on the card. */
  exchangeIfWritten(resident: Household): void {
    if (this.#world.sales.newestOf(resident.meterNo)?.writeClaimed === true) this.exchange(resident);
  }

  /** At the grid's own counter. */
  renewCard(resident: Household): void {
    const { id } = renewCard(this.#world, resident.customerNo);
    resident.cardId = id;
    resident.card = this.#world.drawer.get(id).sim;
  }
}
