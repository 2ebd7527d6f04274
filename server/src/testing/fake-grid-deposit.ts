import type { VendorCredit } from '../gateways/grid/vendor-credit.ts';

/** Our deposit at the fake grid: what each sale costs, it pays. */
export class FakeDeposit {
  /** fen; null: it bounds nothing. */
  availableFen: number | null = null;
  batch: VendorCredit['batch'] = 'open';

  covers(fen: number): boolean {
    return this.batch === 'open' && (this.availableFen === null || this.availableFen >= fen);
  }

  /** Below zero: it comes back. */
  take(fen: number): void {
    if (this.availableFen !== null) this.availableFen -= fen;
  }

  told(now: number): VendorCredit | null {
    const { availableFen, batch } = this;
    return availableFen === null ? null : { availableFen, asOf: new Date(now).toISOString(), batch };
  }
}
