import { z } from 'zod';
import type { Connection } from 'mongoose';
import type { Clock } from '@bianmin/card/clock';
import type { ResidentBinding, ResidentFound } from '@bianmin/purchase/api/residents';
import type { Approvals, Where } from '../../access/approvals.ts';
import { byAdmin, type AuditTrail } from '../../access/audit.ts';
import type { AdminPrincipal } from '../../access/sessions.ts';
import { householdWord } from '../../kernel/household-word.ts';
import { maskCustomerNo } from '../../kernel/mask.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { ConsentStore } from '../consents/consent-store.ts';
import type { ConsentViews } from '../consents/views.ts';
import type { BindingStore, StoredBinding } from '../residents/binding-store.ts';
import type { Approval } from '../../access/store/approvals.ts';
import type { NumberSeal } from '../../kernel/sealed-number.ts';
import { blankOrdersOf, countOrdersOf } from './erasers.ts';
import { TRANSACTION_DAYS } from './rules.ts';

const DAY_MS = 24 * 3_600_000;
const COUNTED = 500;
const KIND = 'resident.erase';
const content = z.object({ sealed: z.string() });

export interface ErasuresInit {
  readonly db: Connection;
  readonly phones: BindingStore;
  readonly boxes: BindingStore;
  readonly consents: {
    readonly store: Pick<ConsentStore, 'ofCustomer' | 'remove'>;
    readonly views: Pick<ConsentViews, 'inOffice'>;
  };
  readonly seal: NumberSeal;
  readonly approvals: Approvals;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/**
 * What is kept of one household, for staff: masked, found by its number alone, and every look in the trail. Its bindings
 * are taken away by one person; its erasure (PIPL Art. 47) is asked for by one and allowed by another.
 */
export class Erasures {
  readonly #init: ErasuresInit;

  constructor(init: ErasuresInit) {
    this.#init = init;
    init.approvals.register(KIND, {
      permission: 'resident:manage',
      run: (approval) => this.#erase(approval),
    });
  }

  async find(
    asked: { customerNo: string; reason: string },
    by: AdminPrincipal,
    where: Where,
  ): Promise<ResidentFound> {
    const { customerNo, reason } = asked;
    const target = householdWord(this.#init.seal, customerNo);
    await this.#init.audit.record(
      byAdmin(by, { action: 'resident.look-up', target, where, data: { reason } }),
    );
    return this.#found(customerNo);
  }

  /** Throws `binding.not-found`. */
  async unbind(
    of: { holder: ResidentBinding['holder']; id: string; reason: string },
    by: AdminPrincipal,
    where: Where,
  ): Promise<void> {
    const store = of.holder === 'phone' ? this.#init.phones : this.#init.boxes;
    if ((await store.get(of.id, this.#now())) === null) {
      throw new ProblemError({ code: 'binding.not-found', message: 'There is no such binding any more.' });
    }
    const data = { holder: of.holder, reason: of.reason };
    await this.#init.audit.record(byAdmin(by, { action: 'binding.remove', target: of.id, where, data }));
    await store.remove(of.id);
  }

  /** The approval names the household by its masked number; the number itself is sealed in it. */
  async request(
    asked: { customerNo: string; reason: string },
    maker: AdminPrincipal,
    where: Where,
  ): Promise<{ approval: Approval; found: ResidentFound }> {
    const { customerNo, reason } = asked;
    const found = await this.#found(customerNo);
    const approval = await this.#init.approvals.request({
      kind: KIND,
      content: {
        sealed: this.#init.seal.seal(customerNo),
        customer: maskCustomerNo(customerNo),
        bindings: found.bindings.length,
        consents: found.consents.length,
        orders: found.orders.erasable,
        reason,
      },
      maker,
      where,
    });
    return { approval, found };
  }

  async #erase(approval: Approval): Promise<void> {
    const { db, phones, boxes, consents, seal } = this.#init;
    const { sealed } = content.parse(approval.content);
    const customerNo = seal.open(sealed);
    for (const store of [phones, boxes, consents.store]) {
      for (const { _id } of await store.ofCustomer(seal.spellings(customerNo), new Date(0)))
        await store.remove(_id);
    }
    await blankOrdersOf(db, seal, { customerNo, before: this.#lawEnds() });
  }

  async #found(customerNo: string): Promise<ResidentFound> {
    const { db, phones, boxes, consents, seal } = this.#init;
    const sealed = seal.spellings(customerNo);
    const [onPhones, onBoxes, consented, orders] = await Promise.all([
      phones.ofCustomer(sealed, this.#now()),
      boxes.ofCustomer(sealed, this.#now()),
      consents.store.ofCustomer(sealed),
      countOrdersOf(db, seal, { customerNo, before: this.#lawEnds(), most: COUNTED }),
    ]);
    const bindings = [
      ...onPhones.map((each) => bindingOf(each, 'phone')),
      ...onBoxes.map((each) => bindingOf(each, 'box')),
    ];
    return { bindings, consents: await consents.views.inOffice(consented), orders };
  }

  /** What is made before it, the law does not hold any more. */
  #lawEnds(): Date {
    return new Date(this.#init.clock.now() - TRANSACTION_DAYS * DAY_MS);
  }

  #now(): Date {
    return new Date(this.#init.clock.now());
  }
}

function bindingOf(of: StoredBinding, holder: ResidentBinding['holder']): ResidentBinding {
  return {
    ...{ id: of._id, holder, customer: { ...of.masked } },
    terminalId: holder === 'box' ? of.payerId : null,
    createdAt: of.createdAt.toISOString(),
    usedAt: of.usedAt.toISOString(),
    expiresAt: of.expiresAt.toISOString(),
  };
}
