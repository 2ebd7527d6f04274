import { closeAccount, transfer } from '../../../server/sandbox/grid/world/household-changes.ts';
import type { World } from '../../../server/sandbox/grid/world/world.ts';
import { isAtPeace } from './at-peace.ts';
import type { Resident, Town } from './grid-town.ts';

/** A household in so many purchases, of each kind. */
const EVERY = 30;
const NEXT_HOLDER = '阿依古丽';

/**
 * 过户 and 销户: now and then a household goes while it is at home, mostly one whose purchase waits for its card. The next holder
 * has meter and card, and nothing of what the former one paid for; a closed account has neither.
 */
export class Departures {
  transferred = 0;
  closed = 0;
  readonly #world: World;
  readonly #town: Town;
  readonly #gone = new Set<string>();

  constructor(init: { world: World; town: Town }) {
    this.#world = init.world;
    this.#town = init.town;
  }

  /** So many purchases were begun. */
  reached(order: number): void {
    if (order % EVERY === 10) this.#go((customerNo) => void transfer(this.#world, customerNo, NEXT_HOLDER));
    if (order % EVERY === 20) this.#go((customerNo) => void closeAccount(this.#world, customerNo), true);
  }

  /** Each is over at once. */
  done(): Promise<void> {
    return Promise.resolve();
  }

  #go(change: (customerNo: string) => void, closes = false): void {
    const free = this.#town.home().filter((resident) => this.#canGo(resident));
    const found = free.find(({ customerNo }) => this.#waiting(customerNo) !== undefined) ?? free[0];
    if (found === undefined) return;
    change(found.customerNo);
    this.#gone.add(found.customerNo);
    if (closes) this.closed += 1;
    else this.transferred += 1;
  }

  /** Not while its purchase may be on the card: that the grid's counter settles, or whoever wrote it. */
  #canGo(resident: Resident): boolean {
    const { customerNo } = resident;
    if (this.#gone.has(customerNo) || this.#waiting(customerNo)?.planReleased === true) return false;
    return isAtPeace({ world: this.#world, town: this.#town }, resident);
  }

  #waiting(customerNo: string): ReturnType<World['sales']['openSale']> {
    return this.#world.sales.openSale(this.#world.homes.customer(customerNo));
  }
}
