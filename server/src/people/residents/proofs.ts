import type { Where } from '../../access/approvals.ts';
import type { AuditTrail } from '../../access/audit.ts';
import { proofWindows } from '../../access/guess-limits.ts';
import type { Guess, GuessLimiter } from '../../access/guesses.ts';
import type { ProofCheck } from '../../orders/desk/proof-check.ts';
import type { NumberSeal } from '../../kernel/sealed-number.ts';
import type { StoredBinding } from './binding-store.ts';
import type { OneTimeCodes } from './codes.ts';
import { householdTarget } from './household-target.ts';
import type { ResidentPolicy } from './policy.ts';

/**
 * Six digits that a bound phone shows and a kiosk takes once, to sell by customer number. Good for the first terminal
 * where they are shown and for one order; a newer one of the household takes the place of the one before.
 */
export class Proofs implements ProofCheck {
  readonly #codes: OneTimeCodes;
  readonly #seal: NumberSeal;
  readonly #guesses: GuessLimiter;
  readonly #audit: AuditTrail;
  readonly #policy: ResidentPolicy;

  constructor(init: {
    codes: OneTimeCodes;
    seal: NumberSeal;
    guesses: GuessLimiter;
    audit: AuditTrail;
    policy: ResidentPolicy;
  }) {
    this.#codes = init.codes;
    this.#seal = init.seal;
    this.#guesses = init.guesses;
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

  /** Throws `request.rate-limited` once too many wrong ones were typed at this terminal. */
  async check(shown: Parameters<ProofCheck['check']>[0]): Promise<boolean> {
    const { terminalId, customerNo, proof, use } = shown;
    const customer = this.#seal.seal(customerNo);
    const who = { kind: 'terminal', id: terminalId } as const;
    const guess: Guess = {
      factor: 'proof',
      windows: proofWindows(customer, terminalId),
      trail: { who, target: householdTarget(customer), where: { ip: '', traceId: '' } },
    };
    const right = await this.#guesses.test(guess, async () => {
      const checked = await this.#codes.check(this.#namesOf(customerNo), proof, this.#policy.proofTries);
      if (checked.is !== 'right') return null;
      return (await this.#codes.tie(checked.code, terminalId)) ? checked.code : null;
    });
    if (right === null) return false;
    return use === 'describe' || this.#codes.take(right);
  }

  #namesOf(customerNo: string): string[] {
    return this.#seal.spellings(customerNo).map((customer) => `proof:${customer}`);
  }
}
