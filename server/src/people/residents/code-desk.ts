import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { BindingCodeAnswer } from '@bianmin/purchase/api/payer';
import type { Where } from '../../access/approvals.ts';
import type { AuditTrail } from '../../access/audit.ts';
import { bindingCodeWindows } from '../../access/guess-limits.ts';
import type { Guess, GuessLimiter } from '../../access/guesses.ts';
import { networkOf } from '../../kernel/network.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { RateLimiter } from '../../adapters/redis/rate-limit.ts';
import type { NumberSeal } from '../../kernel/sealed-number.ts';
import type { BindingCodes } from '../../gateways/grid/binding-codes.ts';
import type { OneTimeCode } from './code-store.ts';
import type { OneTimeCodes } from './codes.ts';
import { householdTarget } from './household-target.ts';
import type { ResidentPolicy } from './policy.ts';

export interface CodeDeskInit {
  readonly codes: OneTimeCodes;
  /** Absent: this grid texts no codes, and no phone can bind. */
  readonly sender: BindingCodes | undefined;
  readonly seal: NumberSeal;
  /** Of texts. */
  readonly limiter: Pick<RateLimiter, 'take'>;
  /** Of what is typed. */
  readonly guesses: GuessLimiter;
  readonly audit: AuditTrail;
  readonly log: Logger;
  readonly policy: ResidentPolicy;
}

/**
 * Asks for binding codes and checks them. What it answers, and how fast, is the same for a customer number that the
 * grid knows and for one that it does not: no caller learns from us which numbers exist.
 */
export class CodeDesk {
  readonly #init: CodeDeskInit;
  readonly #sending = new Set<Promise<void>>();

  constructor(init: CodeDeskInit) {
    this.#init = init;
  }

  /** Throws `request.rate-limited` and, where the grid texts no codes at all, `binding.not-offered`. */
  async request(payerId: string, customerNo: string, where: Where): Promise<BindingCodeAnswer> {
    const { codes, sender, limiter, audit, policy } = this.#init;
    if (sender === undefined) {
      throw new ProblemError({
        code: 'binding.not-offered',
        message: 'This grid sends no codes, so no household can be bound here. Use the card.',
      });
    }
    const { customer, names, target } = this.#namesOf(payerId, customerNo);
    const network = networkOf(where.ip);
    const take = (what: string, of: { max: number; windowMs: number }): Promise<void> =>
      limiter.take(what, of.max, of.windowMs);
    await take(`bind-address:${network}`, policy.codesPerAddress);
    await take(`bind-payer:${payerId}`, policy.codesPerPayer);
    await take(`bind-stranger:${customer}:${network}`, policy.codesPerStranger);
    await take(`bind-resend:${customer}`, { max: 1, windowMs: policy.resendMs });
    await take(`bind-customer:${customer}`, policy.codesPerCustomer);
    const who = { kind: 'payer', id: payerId } as const;
    await audit.record({ who, action: 'binding.ask', target, where });
    const { code } = await codes.make(names, policy.codeMs);
    this.#send(sender, customerNo, code);
    return { resendAfterS: policy.resendMs / 1000, expiresInS: policy.codeMs / 1000 };
  }

  /** A right code, which stays until it is taken. Throws `binding.code-wrong`, `binding.code-spent`, `request.rate-limited`. */
  async check(
    payerId: string,
    given: { readonly customerNo: string; readonly code: string },
    where: Where,
  ): Promise<OneTimeCode> {
    const { codes, guesses, policy } = this.#init;
    const { names, target } = this.#namesOf(payerId, given.customerNo);
    const who = { kind: 'payer', id: payerId } as const;
    const guess: Guess = {
      factor: 'binding-code',
      windows: bindingCodeWindows(payerId, where.ip),
      trail: { who, action: 'binding.refuse', target, where },
    };
    let spent = false;
    const right = await guesses.test(guess, async () => {
      const checked = await codes.check(names, given.code, policy.codeTries);
      spent = checked.is === 'spent';
      return checked.is === 'right' ? checked.code : null;
    });
    if (right !== null) return right;
    if (spent) throw this.spent();
    throw new ProblemError({
      code: 'binding.code-wrong',
      message: 'The code is wrong. Check the text message again.',
    });
  }

  take(code: OneTimeCode): Promise<boolean> {
    return this.#init.codes.take(code);
  }

  spent(): ProblemError {
    return new ProblemError({
      code: 'binding.code-spent',
      message: 'There is no valid code for this number. Ask for a new one.',
    });
  }

  /** Resolves when no text is under way. */
  async idle(): Promise<void> {
    await Promise.all(this.#sending);
  }

  /** Not waited for: how long the grid takes would tell whether it knows the number. */
  #send(sender: BindingCodes, customerNo: string, code: string): void {
    const requestNo = randomBytes(16).toString('hex');
    const sending = sender
      .sendCode({ requestNo, customerNo, code })
      .catch((error: unknown) => {
        this.#init.log.warn({ err: error }, 'a binding code was not sent');
      })
      .finally(() => this.#sending.delete(sending));
    this.#sending.add(sending);
  }

  /** Deterministic, and to be undone only with the key. */
  #namesOf(payerId: string, customerNo: string): { customer: string; names: string[]; target: string } {
    const spellings = this.#init.seal.spellings(customerNo);
    const [customer = ''] = spellings;
    return {
      customer,
      names: spellings.map((each) => nameOf(payerId, each)),
      target: householdTarget(customer),
    };
  }
}

function nameOf(payerId: string, customer: string): string {
  return `bind:${payerId}:${customer}`;
}
