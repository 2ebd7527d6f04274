import type { CardLayout } from '@bianmin/card/meter-card/layout';
import type { WritePlan } from '@bianmin/card/meter-card/plan';
import type { CardSessionKind } from '../api/card-session.ts';
import { notPermitted, RemoteCardError } from './error.ts';
import { isCountable, isReadable, PERMITTED, type RemoteVerb } from './permitted.ts';

/** What a session may do and to which card, as it was shown at the terminal when the person said yes. */
export interface SessionTerms {
  readonly kind: CardSessionKind;
  /** Upper-case hex, 16 digits; null: any card. */
  readonly serial: string | null;
  /** What a write is for: the plan's order number. */
  readonly subject: string | null;
}

/** What a step asks for, as far as it can be judged before anything is opened. */
export type StepAsked =
  | { readonly do: Exclude<RemoteVerb, 'read' | 'tries' | 'write'> }
  /** `lastTry`: what the plan says of its code; a terminal hears it from the plan. */
  | { readonly do: 'write'; readonly lastTry?: boolean | undefined }
  | { readonly do: 'read'; readonly zone: string; readonly offset: number; readonly length: number }
  | { readonly do: 'tries'; readonly key: number };

/**
 * Refuses each step that a session does not permit, before anything of it is done. Both ends hold one: the server so
 * that nothing else is sent, the terminal so that its driver can still only do what its person agreed to.
 */
export class StepCheck {
  readonly #terms: SessionTerms;
  #card: { readonly layouts: readonly CardLayout[]; readonly serial: string | null } | undefined;
  #read = false;
  #write: 'none' | 'waits' | 'written' = 'none';

  constructor(terms: SessionTerms) {
    this.#terms = terms;
  }

  /** Fails with `remote-card.not-permitted`. */
  step(step: StepAsked): void {
    if (!PERMITTED[this.#terms.kind].verbs.includes(step.do)) {
      throw notPermitted(`its kind is ${this.#terms.kind}`);
    }
    // Selections and challenges of a plan do not survive other commands in between.
    if (this.#write === 'waits' && step.do !== 'continue')
      throw notPermitted('a write waits for its next stage');
    if (step.do === 'identify') return;
    const card = this.#card;
    if (card === undefined) throw notPermitted('the card has not been identified');
    switch (step.do) {
      case 'read-card':
        return;
      case 'read':
        if (!isReadable(card.layouts, step)) throw notPermitted('the region is none that a purchase reads');
        return;
      case 'tries':
        if (!isCountable(card.layouts, step.key)) throw notPermitted('the code is none that a write needs');
        return;
      case 'write':
        if (this.#write === 'written') throw notPermitted('the card has been written');
        if (!this.#read) throw notPermitted('the card has not been read whole');
        return;
      case 'continue':
        if (this.#write !== 'waits') throw notPermitted('no write waits for a stage');
    }
  }

  /** A plan, once it is open; its bytes are judged by `PlanCheck`. Fails with `remote-card.not-permitted`. */
  plan(plan: WritePlan): void {
    const { kind, subject } = this.#terms;
    if (plan.kind !== PERMITTED[kind].plan) throw notPermitted('the plan is of another kind');
    if (plan.orderNo !== subject) throw notPermitted('the plan is for something else');
    if (plan.serial !== this.#card?.serial) throw notPermitted('the plan is for another card');
  }

  /** `layouts`: those that the card may be of. Fails with `remote-card.other-card`. */
  identified(layouts: readonly CardLayout[], serial: string | null): void {
    const expected = this.#terms.serial;
    if (expected !== null && serial !== expected) {
      throw new RemoteCardError({
        code: 'remote-card.other-card',
        message: 'This is not the card that is to be looked at. Please put in the right card.',
      });
    }
    this.#card = { layouts, serial };
    this.#read = false;
  }

  /** The whole card was read, which a plan is released against. */
  read(): void {
    this.#read = true;
  }

  /** How a write goes; `none` after one that failed: it may be released again once the card was read again. */
  write(state: 'none' | 'waits' | 'written'): void {
    this.#write = state;
    this.#read = false;
  }
}
