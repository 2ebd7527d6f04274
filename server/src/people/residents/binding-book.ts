import { randomBytes } from 'node:crypto';
import type { Clock } from '@bianmin/card/clock';
import type { Where } from '../../access/approvals.ts';
import type { AuditTrail } from '../../access/audit.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { NumberSeal } from '../../kernel/sealed-number.ts';
import type { BindingStore, StoredBinding } from './binding-store.ts';
import { isAnothers, type Held } from './held.ts';

export interface BindingBookInit {
  readonly store: BindingStore;
  /** Who holds the households, for the trail: residents' phones, or boxes. */
  readonly holders: 'payer' | 'terminal';
  readonly seal: NumberSeal;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly limits: BindingLimits;
}

interface BindingLimits {
  /** Households that one holder may have. */
  readonly perHolder: number;
  /** Holders that one household may have; one more takes the place of the one that was used least recently. */
  readonly perCustomer: number;
  /** A binding is forgotten when it was not used for this long, ms. */
  readonly keepMs: number;
}

/**
 * A holder's households: what phones and boxes have in common. What entitles a holder is for the caller that adds.
 */
export class BindingBook {
  readonly #init: BindingBookInit;

  constructor(init: BindingBookInit) {
    this.#init = init;
  }

  /** The oldest first. */
  list(holder: string): Promise<StoredBinding[]> {
    return this.#init.store.ofPayer(holder, this.#now());
  }

  /** Throws `binding.not-found`, also where it is another holder's. */
  async get(holder: string, bindingId: string): Promise<StoredBinding> {
    const binding = await this.#init.store.get(bindingId, this.#now());
    if (binding?.payerId === holder) return binding;
    throw this.notFound();
  }

  notFound(): ProblemError {
    return new ProblemError({
      code: 'binding.not-found',
      message: `This ${this.#word} has no such household.`,
    });
  }

  customerNoOf(binding: StoredBinding): string {
    return this.#init.seal.open(binding.customer);
  }

  /** The household that the holder has already, if it has it. Throws `binding.too-many` where there is no room for another. */
  async known(holder: string, customerNo: string): Promise<StoredBinding | undefined> {
    const mine = await this.list(holder);
    const known = mine.find((binding) => this.customerNoOf(binding) === customerNo);
    const { perHolder } = this.#init.limits;
    if (known === undefined && mine.length >= perHolder) {
      throw new ProblemError({
        code: 'binding.too-many',
        message: `A ${this.#word} may have ${perHolder} households. Remove one first.`,
      });
    }
    return known;
  }

  async add(
    holder: string,
    household: Held & { readonly customerNo: string },
    where: Where,
  ): Promise<StoredBinding> {
    const { store, seal, limits, clock } = this.#init;
    const customer = seal.seal(household.customerNo);
    const now = this.#now();
    const binding: StoredBinding = {
      _id: randomBytes(12).toString('base64url'),
      payerId: holder,
      customer,
      masked: household.masked,
      ...(household.holder === undefined ? {} : { holder: household.holder }),
      reserved: [],
      version: 1,
      createdAt: now,
      usedAt: now,
      expiresAt: new Date(clock.now() + limits.keepMs),
    };
    await this.#makeRoom(seal.spellings(household.customerNo), where);
    await this.#record(holder, 'binding.make', { target: binding._id, where });
    if ((await store.insert(binding)) === 'inserted') return binding;
    const made = (await this.list(holder)).find((each) => this.customerNoOf(each) === household.customerNo);
    return made ?? binding;
  }

  /**
   * Compares a household with what the grid says of it now. Throws `binding.not-found`, and forgets it, where another holds the account:
   * what is left and owed there is theirs alone. `byName`: another name is another holder, whether the grid tells holders or not.
   */
  async stillHeld(
    binding: StoredBinding,
    now: Held,
    { byName, where }: { readonly byName: boolean; readonly where: Where },
  ): Promise<void> {
    if (isAnothers(binding, now, byName)) {
      await this.remove(binding.payerId, binding._id, where);
      throw this.notFound();
    }
    const { masked, holder } = now;
    const isAsKept =
      masked.meterTail === binding.masked.meterTail && (holder === undefined || binding.holder !== undefined);
    if (!isAsKept) await this.#init.store.renew(binding._id, now);
  }

  /** It is kept from now on as long as a new one would be. */
  async use({ _id }: StoredBinding): Promise<void> {
    const { store, limits, clock } = this.#init;
    await store.use(_id, this.#now(), new Date(clock.now() + limits.keepMs));
  }

  async remove(holder: string, bindingId: string, where: Where): Promise<void> {
    const binding = await this.get(holder, bindingId);
    await this.#record(holder, 'binding.remove', { target: binding._id, where });
    await this.#init.store.remove(binding._id);
  }

  /** `action`: what happened to the holder, for the trail. */
  async removeAll(holder: string, action: string, where: Where): Promise<void> {
    await this.#record(holder, action, { target: holder, where });
    await this.#init.store.removeOfPayer(holder);
  }

  get #word(): string {
    return this.#init.holders === 'payer' ? 'phone' : 'box';
  }

  #now(): Date {
    return new Date(this.#init.clock.now());
  }

  #record(holder: string, action: string, of: { target: string; where: Where }): Promise<void> {
    const { audit, holders } = this.#init;
    return audit.record({ who: { kind: holders, id: holder }, action, ...of });
  }

  /** The holder that was entitled last has the last word over those that were entitled long ago. */
  async #makeRoom(customer: readonly string[], where: Where): Promise<void> {
    const { store, audit, limits } = this.#init;
    const bound = await store.ofCustomer(customer, this.#now());
    for (const old of bound.slice(0, Math.max(0, bound.length - limits.perCustomer + 1))) {
      const who = { kind: 'system', id: 'bindings' } as const;
      await audit.record({ who, action: 'binding.displace', target: old._id, where });
      await store.remove(old._id);
    }
  }
}
