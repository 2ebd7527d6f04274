import type { Where } from '../../access/approvals.ts';
import type { DescribedCustomer } from '../../orders/desk/remote-orders.ts';
import type { BindingBook } from './binding-book.ts';
import type { StoredBinding } from './binding-store.ts';
import type { CodeDesk } from './code-desk.ts';

export interface BindingsInit {
  readonly book: BindingBook;
  readonly codes: CodeDesk;
  /** Asks the grid about a customer, masked. */
  readonly describe: (customerNo: string) => Promise<Pick<DescribedCustomer, 'customer' | 'holder'>>;
}

/** Which households a phone may buy for: each proven by a code that the grid's registered phone got. */
export class Bindings {
  readonly #init: BindingsInit;

  constructor(init: BindingsInit) {
    this.#init = init;
  }

  /**
   * Binds the household to the phone. A household that it has already is given again. Throws `binding.code-wrong`,
   * `binding.code-spent`, `binding.too-many`, `grid.unavailable` (the code then stays good).
   */
  async confirm(
    payerId: string,
    given: { readonly customerNo: string; readonly code: string },
    where: Where,
  ): Promise<StoredBinding> {
    const { book, codes } = this.#init;
    const { customerNo } = given;
    const right = await codes.check(payerId, given, where);
    const known = await book.known(payerId, customerNo);
    if (known !== undefined) {
      await codes.take(right);
      return known;
    }
    const { customer: masked, holder } = await this.#init.describe(customerNo);
    if (!(await codes.take(right))) throw codes.spent();
    return book.add(payerId, { customerNo, masked, ...(holder === undefined ? {} : { holder }) }, where);
  }

  list(payerId: string): Promise<StoredBinding[]> {
    return this.#init.book.list(payerId);
  }

  /** Throws `binding.not-found`, also where it is another phone's. */
  get(payerId: string, bindingId: string): Promise<StoredBinding> {
    return this.#init.book.get(payerId, bindingId);
  }

  /** Throws `binding.not-found`, and forgets it, where another holds the account now. */
  stillHeld(
    binding: StoredBinding,
    { customer: masked, holder }: Pick<DescribedCustomer, 'customer' | 'holder'>,
    where: Where,
  ): Promise<void> {
    const now = { masked, ...(holder === undefined ? {} : { holder }) };
    return this.#init.book.stillHeld(binding, now, { byName: false, where });
  }

  customerNoOf(binding: StoredBinding): string {
    return this.#init.book.customerNoOf(binding);
  }

  remove(payerId: string, bindingId: string, where: Where): Promise<void> {
    return this.#init.book.remove(payerId, bindingId, where);
  }

  /** A phone that signs out takes its households with it. */
  removeAll(payerId: string, where: Where): Promise<void> {
    return this.#init.book.removeAll(payerId, 'payer.end', where);
  }
}
