import { convertHousehold } from '../../../server/sandbox/grid/world/account-routes.ts';
import type { World } from '../../../server/sandbox/grid/world/world.ts';
import { isAtPeace } from './at-peace.ts';
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

  /** Not while a former holder's purchase waits: what the grid makes of it nobody knows. */
  #canBe(resident: Resident): boolean {
    if (!isAtPeace({ world: this.#world, town: this.#town }, resident)) return false;
    const household = this.#world.homes.customer(resident.customerNo);
    return this.#world.sales.openSale(household) === undefined || (household.transfers ?? 0) === 0;
  }
}
