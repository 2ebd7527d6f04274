import type { Where } from '../../access/approvals.ts';
import type { AuditTrail } from '../../access/audit.ts';
import type { ProofCheck } from '../../orders/desk/proof-check.ts';
import type { NumberSeal } from '../../kernel/sealed-number.ts';
import type { StoredBinding } from './binding-store.ts';
import type { OneTimeCodes } from './codes.ts';
import type { ResidentPolicy } from './policy.ts';

/**
 * Six digits that a bound phone shows and a kiosk takes once, to sell by customer number. Good for the first terminal
 * where they are shown and for one order; a newer one of the household takes the place of the one before.
 */
export class Proofs implements ProofCheck {
  readonly #codes: OneTimeCodes;
  readonly #seal: NumberSeal;
  readonly #audit: AuditTrail;
  readonly #policy: ResidentPolicy;

  constructor(init: { codes: OneTimeCodes; seal: NumberSeal; audit: AuditTrail; policy: ResidentPolicy }) {
    this.#codes = init.codes;
    this.#seal = init.seal;
    this.#audit = init.audit;
    this.#policy = init.policy;
  }

  async make(binding: StoredBinding, where: Where): Promise<{ proof: string; expiresAt: Date }> {
    const who = { kind: 'payer', id: binding.payerId } as const;
    await this.#audit.record({ who, action: 'proof.make', target: binding._id, where });
    const { code, expiresAt } = await this.#codes.make(
      this.#namesOf(this.#seal.open(binding.customer)),
      this.#policy.proofMs,
    );
    return { proof: code, expiresAt };
  }

  async check(shown: Parameters<ProofCheck['check']>[0]): Promise<boolean> {
    const names = this.#namesOf(shown.customerNo);
    const checked = await this.#codes.check(names, shown.proof, this.#policy.codeTries);
    if (checked.is !== 'right') return false;
    if (!(await this.#codes.tie(checked.code, shown.terminalId))) return false;
    return shown.use === 'describe' || this.#codes.take(checked.code);
  }

  #namesOf(customerNo: string): string[] {
    return this.#seal.spellings(customerNo).map((customer) => `proof:${customer}`);
  }
}
