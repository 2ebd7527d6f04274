import { describe, expect, it } from 'vitest';
import { unanswered } from '../testing/unanswered.ts';
import { reduce } from './machine.ts';
import { wakeOf } from './wake.ts';
import { screenOf } from './screen.ts';
import { DEFAULT_TIMINGS } from './timings.ts';
import type { Phase } from './state.ts';
import {
  SLOT,
  NO,
  NUMBER,
  PROOF,
  INIT,
  PHASES,
  timer,
  press,
  choose,
  refused,
  says,
  at,
} from '../testing/home-purchase-states.ts';

describe('a purchase without the card', () => {
  it('leaves no question about a household on the screen for ever', () => {
    const left = [
      'number',
      'proof',
      'who',
      'amount',
      'keptAmount',
      'keptExpired',
      'expired',
      'slow',
      'credited',
      'failed',
      'bring',
    ] as const;
    for (const name of left) expect(wakeOf(PHASES[name], DEFAULT_TIMINGS), name).not.toBeNull();
  });

  it('never shows the whole number, nor the digits that prove it', () => {
    for (const phase of Object.values<Phase>(PHASES)) {
      const shown = JSON.stringify(screenOf(at(phase)));
      expect(shown).not.toContain(NUMBER);
      expect(shown).not.toContain(PROOF);
    }
  });

  it('begins nothing without the card while one is in', () => {
    const before = { ...at(PHASES.idle), present: [SLOT, 'slot-2'] };
    expect(reduce(before, press('without-card'), INIT).state.phase.name).toBe('idle');
  });

  it('asks a kept household again after what passes, and for the number where it is gone', () => {
    const then = (code: string) => {
      const problem = reduce(at(PHASES.recalling), refused(code), INIT).state;
      return reduce(problem, press('retry'), INIT).state.phase.name;
    };
    expect(then('grid.unavailable')).toBe('recalling');
    expect(then('meter.not-remote')).toBe('recalling');
    expect(then('binding.not-found')).toBe('customer-no');
    expect(then('customer.unknown')).toBe('customer-no');
  });

  it('does not offer later what was not offered when the card came in: money goes back only where it was paid', () => {
    const elsewhere: Phase = { ...PHASES.failedCardIn, offers: ['card'] };
    expect(reduce(at(elsewhere), choose('refund'), INIT).effects).toEqual([]);
    const { state } = reduce(at(elsewhere), says('credit-failed'), INIT);
    expect(state.phase).toMatchObject({ name: 'credit-failed', offers: ['card'] });
  });

  it('closes an order that a problem hides when the household does not come back to it', () => {
    const trouble = { code: 'channel-down', staffCode: 'payment.channel-unavailable' } as const;
    const problem: Phase = {
      ...{ name: 'problem', slot: null, trouble, orderNo: NO, moneySafe: 'nothing-taken' },
      ...{ again: PHASES.pay, auto: false },
    };
    const { state, effects } = unanswered(at(problem), timer, INIT);
    expect(state.phase.name).toBe('idle');
    expect(effects).toEqual([{ do: 'abandon', orderNo: NO }]);
  });

  it('asks for the same order again after no answer', () => {
    const problem = reduce(at(PHASES.ordering), refused('server.unavailable'), INIT).state;
    const { effects } = reduce(problem, press('retry'), INIT);
    const proven = { customerNo: NUMBER, proof: PROOF };
    expect(effects).toMatchObject([{ do: 'create-order', key: 'k', faceFen: 5000, of: proven }]);
  });
});
