import type { WritePlan } from '@bianmin/card/meter-card/plan';
import type { GridReplacement } from '../gateways/grid/replacements.ts';
import { plainPlan } from './fake-card.ts';
import { refused } from './fake-grid-answers.ts';
import type { BookedSale } from './fake-grid-bill.ts';

/** The fake grid's cards: which one is valid for each meter, and which ones others took the place of. */
export class FakeCards {
  readonly #valid = new Map<string, string>();
  readonly #void = new Set<string>();
  readonly #replacements = new Map<string, GridReplacement>();

  issue(meterNo: string, serial: string): void {
    this.#valid.set(meterNo, serial);
  }

  serialOf(meterNo: string): string {
    return this.#valid.get(meterNo) ?? '';
  }

  isVoid(serial: string): boolean {
    return this.#void.has(serial);
  }

  /** Whether a number is a replacement's. */
  replaces(requestNo: string): boolean {
    return this.#replacements.has(requestNo);
  }

  /** Of a replacement's number; undefined for any other. */
  planOf(requestNo: string): WritePlan | undefined {
    return this.#replacements.get(requestNo)?.plan;
  }

  /** Moves the open sale, if there is one, to the new card under its own count. */
  replace(
    request: { requestNo: string; customerNo: string; meterNo: string; serial: string; credited: number },
    open: BookedSale | undefined,
  ): GridReplacement {
    const { requestNo, customerNo, meterNo, serial } = request;
    const known = this.#replacements.get(requestNo);
    if (known !== undefined) {
      if (known.serial !== serial || known.customerNo !== customerNo) throw refused('duplicate');
      if (this.serialOf(meterNo) !== serial) throw refused('card-replaced');
      return known;
    }
    if (this.isVoid(serial)) throw refused('card-replaced');
    if ([...this.#valid.values()].includes(serial)) throw refused('card-foreign');
    const formerSerial = this.serialOf(meterNo);
    if (open !== undefined) open.serial = serial;
    this.issue(meterNo, serial);
    this.#void.add(formerSerial);
    const count = open?.count ?? request.credited;
    const faceFen = open?.creditFen ?? 0;
    const replacement: GridReplacement = {
      customerNo,
      formerSerial,
      serial,
      count,
      openOrderNo: open?.orderNo ?? null,
      plan: { ...plainPlan({ orderNo: requestNo, serial, count, faceFen }), kind: 'replacement' },
    };
    this.#replacements.set(requestNo, replacement);
    return replacement;
  }
}
