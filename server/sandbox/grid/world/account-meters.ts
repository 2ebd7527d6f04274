import type { Supply } from '../../../src/gateways/grid/accounts.ts';
import { consume } from '../meter/consumption.ts';
import type { Meter } from '../meter/meter.ts';
import type { Account, MonthBill } from '../platform/account-record.ts';
import type { Household } from '../platform/household.ts';
import type { Link } from './concentrator.ts';
import type { Homes } from './homes.ts';

/** More than a household can draw between two looks, fen. */
const PLENTY_FEN = 1_000_000_000;

/** An account as `/world/accounts` shows it: what the grid has, and whether its meter lets electricity flow. */
export interface AccountView extends Account {
  readonly customerNo: string;
  readonly meterNo: string;
  readonly supply: Supply;
  readonly bills: readonly MonthBill[];
}

/** Meters whose balance is at the grid: what flows is taken from the account, and the grid switches them by it. */
export class AccountMeters {
  readonly #homes: Homes;
  readonly #link: (meterNo: string) => Link;

  constructor(homes: Homes, link: (meterNo: string) => Link) {
    this.#homes = homes;
    this.#link = link;
  }

  /** Null while the meter cannot be heard. */
  supplyOf(meterNo: string): Supply | null {
    return this.#link(meterNo) === 'online' ? this.#supply(meterNo) : null;
  }

  /** Off below zero, on from zero; a meter that cannot be reached is switched once it can be. */
  switch({ account, meterNo }: Household): void {
    if (account === undefined || this.#link(meterNo) !== 'online') return;
    const on = account.balanceFen >= 0;
    if (on !== (this.#supply(meterNo) === 'on')) this.#homes.meter(meterNo).switch(on);
  }

  /** What waited for the meter is done, if it can be reached now. */
  reached(meterNo: string): void {
    const household = this.#homes.holder(meterNo);
    if (household !== undefined) this.switch(household);
  }

  /** Electricity for so much; false where the meter keeps its balance itself. */
  draw(meterNo: string, fen: number): boolean {
    const household = this.#homes.holder(meterNo);
    if (household?.account === undefined) return false;
    if (this.#supply(meterNo) === 'off') return true;
    household.account.balanceFen -= fen;
    this.switch(household);
    return true;
  }

  /** Lets the household's load draw electricity between two moments, ms; false as for `draw`. */
  run({ state }: Meter, span: { from: number; to: number }): boolean {
    if (this.#homes.holder(state.meterNo)?.account === undefined) return false;
    const { balanceFen, overdraftLimitFen } = state;
    Object.assign(state, { balanceFen: PLENTY_FEN, overdraftLimitFen: 0 });
    consume(state, span);
    const usedFen = PLENTY_FEN - state.balanceFen;
    Object.assign(state, { balanceFen, overdraftLimitFen });
    return this.draw(state.meterNo, usedFen);
  }

  /** Fails with 404. */
  view(no: string): AccountView {
    const { account, customerNo, meterNo, bills = [] } = this.#homes.customer(no);
    const kept = account ?? { balanceFen: 0, creditedFen: 0 };
    return { customerNo, meterNo, ...kept, supply: this.#supply(meterNo), bills };
  }

  #supply(meterNo: string): Supply {
    return this.#homes.meter(meterNo).state.relayOpen ? 'off' : 'on';
  }
}
