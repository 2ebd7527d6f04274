import { openOfFormer } from '../../../server/sandbox/grid/platform/former-meter.ts';
import { convertHousehold } from '../../../server/sandbox/grid/world/account-routes.ts';
import type { World } from '../../../server/sandbox/grid/world/world.ts';
import type { Resident, Town } from './grid-town.ts';

/** A household in so many purchases. */
const EVERY = 25;

/** 转远程费控: now and then the grid takes a household's balance over while it is at home; whatever waits for its card moves or is undone. */
export class Conversions {
  converted = 0;
  readonly #world: World;
  readonly #town: Town;

  constructor(init: { world: World; town: Town }) {
    this.#world = init.world;
    this.#town = init.town;
  }

  /** So many purchases were begun. */
  reached(order: number): void {
    if (order % EVERY !== 0) return;
    const found = this.#town.home().find((resident) => this.#canBe(resident));
    if (found === undefined) return;
    const open = this.converted % 2 === 0 ? 'moved' : 'reversed';
    convertHousehold(this.#world, found.customerNo, { open });
    this.converted += 1;
  }

  /** Each is over at once. */
  done(): Promise<void> {
    return Promise.resolve();
  }

  /**
   * Not once it has left, nor while a former holder's purchase waits: what the grid makes of these nobody knows. Not while a card
   * that was lied about is to contradict it, nor while a payer is to say what becomes of a credit, nor before the
   * grid's counter moved what was sold for a meter that was exchanged.
   */
  #canBe({ customerNo, meterNo }: Resident): boolean {
    const household = this.#world.homes.customer(customerNo);
    if (household.account !== undefined || household.closed) return false;
    const open = this.#world.sales.openSale(household);
    if (open?.credit !== undefined || (open !== undefined && (household.transfers ?? 0) > 0)) return false;
    if (openOfFormer(this.#world.sales, household) !== undefined) return false;
    return ![...this.#town.lies].some((orderNo) => this.#town.orders.get(orderNo)?.meterNo === meterNo);
  }
}
