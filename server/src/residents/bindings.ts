import { randomBytes } from 'node:crypto';
import type { Clock } from '@bianmin/shared/clock';
import type { RemoteCustomer } from '@bianmin/shared/api/remote';
import type { Where } from '../access/approvals.ts';
import type { AuditTrail } from '../access/audit.ts';
import { ProblemError } from '../http/problem.ts';
import type { NumberSeal } from '../store/sealed-number.ts';
import type { BindingStore, StoredBinding } from './binding-store.ts';
import type { CodeDesk } from './code-desk.ts';
import type { ResidentPolicy } from './policy.ts';

export interface BindingsInit {
  readonly store: BindingStore;
  readonly codes: CodeDesk;
  readonly seal: NumberSeal;
  /** Asks the grid about a customer, masked. */
  readonly describe: (customerNo: string) => Promise<Pick<RemoteCustomer, 'customer'>>;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly policy: ResidentPolicy;
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
    const { store, codes, seal, audit, clock, policy } = this.#init;
    const { customerNo } = given;
    const now = new Date(clock.now());
    const right = await codes.check(payerId, given, where);
    const mine = await store.ofPayer(payerId, now);
    const customer = seal.seal(customerNo);
    const known = mine.find((binding) => binding.customer === customer);
    if (known !== undefined) {
      await codes.take(right);
      return known;
    }
    if (mine.length >= policy.bindingsPerPayer) {
      throw new ProblemError({
        code: 'binding.too-many',
        message: `A phone may have ${policy.bindingsPerPayer} households. Remove one first.`,
      });
    }
    const { customer: masked } = await this.#init.describe(customerNo);
    if (!(await codes.take(right))) throw codes.spent();
    const binding: StoredBinding = {
      _id: randomBytes(12).toString('base64url'),
      payerId,
      customer,
      masked,
      reserved: [],
      version: 1,
      createdAt: now,
      usedAt: now,
      expiresAt: new Date(clock.now() + policy.sessionMs),
    };
    await this.#makeRoom(customer, where);
    const who = { kind: 'payer', id: payerId } as const;
    await audit.record({ who, action: 'binding.make', target: binding._id, where });
    if ((await store.insert(binding)) === 'inserted') return binding;
    return (await store.ofPayer(payerId, now)).find((each) => each.customer === customer) ?? binding;
  }

  async list(payerId: string): Promise<StoredBinding[]> {
    return this.#init.store.ofPayer(payerId, new Date(this.#init.clock.now()));
  }

  /** Throws `binding.not-found`, also where it is another phone's. */
  async get(payerId: string, bindingId: string): Promise<StoredBinding> {
    const binding = await this.#init.store.get(bindingId, new Date(this.#init.clock.now()));
    if (binding?.payerId === payerId) return binding;
    throw new ProblemError({ code: 'binding.not-found', message: 'This phone has no such household.' });
  }

  customerNoOf(binding: StoredBinding): string {
    return this.#init.seal.open(binding.customer);
  }

  async remove(payerId: string, bindingId: string, where: Where): Promise<void> {
    const binding = await this.get(payerId, bindingId);
    const who = { kind: 'payer', id: payerId } as const;
    await this.#init.audit.record({ who, action: 'binding.remove', target: binding._id, where });
    await this.#init.store.remove(binding._id);
  }

  /** A phone that signs out takes its households with it. */
  async removeAll(payerId: string, where: Where): Promise<void> {
    const who = { kind: 'payer', id: payerId } as const;
    await this.#init.audit.record({ who, action: 'payer.end', target: payerId, where });
    await this.#init.store.removeOfPayer(payerId);
  }

  /** Whoever holds the registered phone now has the last word over phones that were bound long ago. */
  async #makeRoom(customer: string, where: Where): Promise<void> {
    const { store, audit, clock, policy } = this.#init;
    const bound = await store.ofCustomer(customer, new Date(clock.now()));
    for (const old of bound.slice(0, Math.max(0, bound.length - policy.payersPerCustomer + 1))) {
      const who = { kind: 'system', id: 'bindings' } as const;
      await audit.record({ who, action: 'binding.displace', target: old._id, where });
      await store.remove(old._id);
    }
  }
}
