import { describe, expect, it } from 'vitest';
import { wakeOf } from './wake.ts';
import { DEFAULT_TIMINGS } from './timings.ts';
import { PHASES } from '../testing/card-purchase-states.ts';

describe('the screens of a purchase', () => {
  it('has a wait for every screen that is not left by hand', () => {
    for (const phase of [PHASES.closing, PHASES.pulled, PHASES.otherCard, PHASES.selling, PHASES.pay]) {
      expect(wakeOf(phase, DEFAULT_TIMINGS)).not.toBeNull();
    }
    for (const phase of [PHASES.done, PHASES.refund, PHASES.expired]) {
      expect(wakeOf({ ...phase, slot: null }, DEFAULT_TIMINGS)).not.toBeNull();
    }
  });
});
