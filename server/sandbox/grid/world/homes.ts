import { maskName } from '../../../src/kernel/mask.ts';
import { usedIn } from '../meter/consumption.ts';
import { Meter } from '../meter/meter.ts';
import type { MeterState } from '../meter/meter-state.ts';
import type { Encryptor } from '../platform/encryptor.ts';
import type { Household } from '../platform/household.ts';
import { meterView, type MeterView } from './views.ts';
import type { Link } from './concentrator.ts';
import { WorldError } from './world-error.ts';

/** The households, each with its meter, and whose card is whose. */
export class Homes {
  readonly #security: Encryptor;
  readonly #now: () => number;
  readonly #households = new Map<string, Household>();
  readonly #owners = new Map<string, { household: Household; replaced: boolean }>();
  readonly #meters = new Map<string, Meter>();
  /** Customer number by meter, for names. */
  readonly #holders = new Map<string, Household>();

  constructor(security: Encryptor, now: () => number) {
    this.#security = security;
    this.#now = now;
  }

  get households(): readonly Household[] {
    return [...this.#households.values()];
  }

  get meters(): readonly Meter[] {
    return [...this.#meters.values()];
  }

  /** A household and its cards are known, those that were replaced too. */
  know(household: Household): void {
    this.#households.set(household.customerNo, household);
    this.#holders.set(household.meterNo, household);
    this.#owners.set(household.serial, { household, replaced: false });
    for (const serial of household.formerSerials) this.#owners.set(serial, { household, replaced: true });
  }

  install(state: MeterState): void {
    this.#meters.set(state.meterNo, new Meter({ state, security: this.#security, now: this.#now }));
  }

  household(customerNo: string): Household | undefined {
    return this.#households.get(customerNo);
  }

  /** Fails with 404. */
  customer(customerNo: string): Household {
    const household = this.#households.get(customerNo);
    if (household === undefined) throw new WorldError(404, `There is no customer ${customerNo}.`);
    return household;
  }

  /** Whose meter it is. */
  holder(meterNo: string): Household | undefined {
    return this.#holders.get(meterNo);
  }

  cardOwner(serial: string): { household: Household; replaced: boolean } | undefined {
    return this.#owners.get(serial);
  }

  /** Fails with 404. */
  meter(meterNo: string): Meter {
    const meter = this.#meters.get(meterNo);
    if (meter === undefined) throw new WorldError(404, `There is no meter ${meterNo}.`);
    return meter;
  }

  stateOf(meterNo: string): MeterState | undefined {
    return this.#meters.get(meterNo)?.state;
  }

  /** Wh in the settlement period; 0 for no meter. */
  usedWh(meterNo: string): number {
    const state = this.stateOf(meterNo);
    return state === undefined ? 0 : usedIn(state, this.#now());
  }

  /** Whether a meter can be reached from afar at all. */
  hasModule(meterNo: string): boolean {
    const holder = this.#holders.get(meterNo);
    // One that was taken down is reached no more.
    return holder !== undefined && holder.meterNo === meterNo && holder.remote;
  }

  /** Whether the grid reads this meter before it sells. */
  isRead(meterNo: string): boolean {
    const holder = this.#holders.get(meterNo);
    return holder !== undefined && this.hasModule(meterNo) && holder.read;
  }

  /** `link`: how the grid reaches it where it has a module; without one it is dead. */
  view({ state }: Meter, link: (meterNo: string) => Link): MeterView {
    const { meterNo } = state;
    const holder = this.#holders.get(meterNo);
    return meterView(state, {
      customerNo: holder?.customerNo ?? '',
      customerName: maskName(holder?.name ?? ''),
      link: this.hasModule(meterNo) ? link(meterNo) : 'dead',
      // Not of the meter before, which the holder is known by as well.
      ...(holder?.account === undefined || holder.meterNo !== meterNo
        ? {}
        : { account: { ...holder.account } }),
    });
  }
}
