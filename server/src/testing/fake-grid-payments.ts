import type { AccountFacts, AccountRequest, DueBill, Supply } from '../gateways/grid/accounts.ts';
import type { GridCredit, GridGateway } from '../gateways/grid/contract.ts';
import type { GridRefusal } from '../gateways/grid/error.ts';
import type { FakeAccounts } from './fake-grid-accounts.ts';
import { refused } from './fake-grid-answers.ts';
import type { BookedSale } from './fake-grid-bill.ts';
import type { FakeDeposit } from './fake-grid-deposit.ts';
import type { FakeSales } from './fake-grid-sales.ts';

/** A balance at the fake grid, fen. */
interface FakeBalance {
  balanceFen: number;
  /** All that was ever paid in or moved here. */
  creditedFen: number;
}

/** The fake grid's accounts whose balance is not in a meter, and months that were used first; by meter. */
export class FakePayments {
  readonly balances = new Map<string, FakeBalance>();
  /** Sales that never came to their meter, and moved here instead; by order number. */
  readonly moved = new Map<string, GridCredit>();
  readonly #bills = new Map<string, DueBill[]>();
  readonly #sales: FakeSales;
  readonly #accounts: FakeAccounts;
  readonly #deposit: FakeDeposit;

  constructor(on: { sales: FakeSales; accounts: FakeAccounts; deposit: FakeDeposit }) {
    this.#sales = on.sales;
    this.#accounts = on.accounts;
    this.#deposit = on.deposit;
  }

  /** A month's bill of a customer; gives its number. */
  bill(meterNo: string, dueFen: number, partly = false): string {
    const bills = this.#bills.get(meterNo) ?? [];
    const billNo = `${meterNo}-${bills.length + 1}`;
    const bill = { billNo, period: '2026-10', dueFen, dueOn: '2026-11-25', partly };
    this.#bills.set(meterNo, [...bills, bill]);
    return billNo;
  }

  /** What a customer is said to have besides. */
  factsOf(meterNo: string): AccountFacts & { readonly balanceFen?: number; readonly balanceLive?: true } {
    const bills = this.#bills.get(meterNo)?.filter(({ dueFen }) => dueFen > 0);
    const balance = this.balances.get(meterNo);
    return {
      ...(bills === undefined ? {} : { bills }),
      ...(balance === undefined
        ? {}
        : {
            delivery: 'account',
            supply: supplyOf(balance),
            balanceFen: balance.balanceFen,
            balanceLive: true,
          }),
    };
  }

  /**
   * The balance of a meter moves here, and its card is void; a sale that never came to the meter moves as well, or is undone
   * where it is on no card. Whether it was done: not while a credit is on its way to the meter.
   */
  convert(
    meterNo: string,
    init: { open: 'moved' | 'reversed'; now: number; isPending: (orderNo: string) => boolean },
  ): boolean {
    const meter = this.#accounts.meters.get(meterNo);
    if (meter === undefined || this.balances.has(meterNo)) return false;
    const waiting = this.#sales.openOf(meterNo);
    // Asked first: a credit that waited for its meter may come to it now.
    if (waiting !== undefined && init.isPending(waiting.orderNo)) return false;
    this.#accounts.prove(meterNo, meter.count);
    const open = this.#sales.openOf(meterNo);
    if (open !== undefined && init.open === 'reversed' && !open.planned) {
      this.#sales.reverse(open.orderNo, () => false);
    }
    this.balances.set(meterNo, { balanceFen: meter.balanceFen, creditedFen: 0 });
    meter.retire();
    if (open?.status === 'sold') {
      this.#credit(meterNo, open.creditFen);
      const { orderNo, count, creditFen } = open;
      const { balanceFen } = this.#standing(meterNo);
      this.moved.set(orderNo, {
        ...{ orderNo, count, creditFen, balanceFen: balanceFen ?? 0 },
        creditedAt: new Date(init.now).toISOString(),
      });
    }
    this.#accounts.prove(meterNo, this.#accounts.soldCountOf(meterNo));
    return true;
  }

  pay(request: AccountRequest, now: number): Awaited<ReturnType<GridGateway['payAccount']>> {
    const { orderNo, meterNo, faceFen, billNo } = request;
    const known = this.#sales.all.get(orderNo);
    const isSame = known?.faceFen === faceFen && known.into?.billNo === billNo;
    if (known?.status === 'sold') {
      if (!isSame) throw refused('duplicate');
      return { ...known, account: this.#standing(meterNo) };
    }
    if (known?.reason === 'vendor-credit' && !isSame) throw refused('duplicate');
    const reason = this.#refusalOf(request);
    const sale = this.#booked(request, reason, now);
    if (!this.#sales.isReversed(orderNo)) this.#sales.all.set(orderNo, sale);
    if (reason !== undefined) throw refused(reason);
    this.#deposit.take(faceFen);
    this.#sales.carriedOut.push(orderNo);
    if (billNo === undefined) this.#credit(meterNo, sale.creditFen);
    else this.#settle(meterNo, billNo, faceFen);
    return { ...sale, account: this.#standing(meterNo) };
  }

  /** Money of this sale is taken back. */
  undo({ meterNo, creditFen, faceFen, into }: BookedSale): void {
    if (into?.billNo === undefined) this.#credit(meterNo, -creditFen);
    else this.#settle(meterNo, into.billNo, -faceFen);
  }

  /** Whether an account cannot give a payment back any more. */
  isSpent({ meterNo, creditFen, into }: BookedSale): boolean {
    if (into === undefined || into.billNo !== undefined) return false;
    return (this.balances.get(meterNo)?.balanceFen ?? 0) < creditFen;
  }

  #credit(meterNo: string, fen: number): void {
    const balance = this.balances.get(meterNo);
    if (balance === undefined) return;
    balance.balanceFen += fen;
    balance.creditedFen += fen;
  }

  #settle(meterNo: string, billNo: string, fen: number): void {
    const bills = this.#bills.get(meterNo) ?? [];
    this.#bills.set(
      meterNo,
      bills.map((bill) => (bill.billNo === billNo ? { ...bill, dueFen: bill.dueFen - fen } : bill)),
    );
  }

  #standing(meterNo: string): { balanceFen: number | null; supply: Supply | null } {
    const balance = this.balances.get(meterNo);
    if (balance === undefined) return { balanceFen: null, supply: null };
    return { balanceFen: balance.balanceFen, supply: supplyOf(balance) };
  }

  #refusalOf({ orderNo, meterNo, faceFen, billNo }: AccountRequest): GridRefusal | undefined {
    if (this.#sales.isReversed(orderNo)) return 'reversed';
    if (billNo !== undefined) {
      const bill = this.#bills.get(meterNo)?.find((each) => each.billNo === billNo);
      if (bill === undefined || bill.dueFen === 0) return 'bill-settled';
      if (bill.partly ? faceFen > bill.dueFen : faceFen !== bill.dueFen) return 'amount';
    } else {
      if (!this.balances.has(meterNo)) return 'no-account';
      if (!this.#accounts.allows(meterNo, faceFen)) return 'amount';
    }
    return this.#deposit.covers(faceFen) ? undefined : 'vendor-credit';
  }

  #booked(
    { orderNo, meterNo, faceFen, billNo }: AccountRequest,
    reason: GridRefusal | undefined,
    now: number,
  ): BookedSale {
    const nothing = { creditFen: 0, arrearsFen: 0, feeFen: 0 };
    const owed = { creditFen: 0, arrearsFen: faceFen, feeFen: 0 };
    const parts =
      billNo === undefined ? () => this.#accounts.debts.takeFrom({ meterNo, faceFen }) : () => owed;
    return {
      ...{ saleNo: `S${orderNo}`, orderNo, meterNo, serial: '', count: 0, faceFen },
      ...(reason === undefined ? parts() : nothing),
      into: billNo === undefined ? {} : { billNo },
      status: reason === undefined ? 'sold' : 'refused',
      confirmed: false,
      soldAt: now,
      ...(reason === undefined ? {} : { reason }),
    };
  }
}

function supplyOf({ balanceFen }: FakeBalance): Supply {
  return balanceFen >= 0 ? 'on' : 'off';
}
