import { describe, expect, it } from 'vitest';
import type { TerminalStatus } from '@bianmin/purchase/api/terminal';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import { SAMPLE_VIEWS } from '../../e2e/sample-views.ts';
import { stopOf } from './stop.ts';

const wait: PurchaseView = { screen: 'wait', reader: 'A reader', withoutCard: true };
const problem = (staffCode: string): PurchaseView => ({
  ...{ screen: 'problem', code: 'unexpected', staffCode, orderNo: null },
  ...{ moneySafe: 'nothing-taken', canRetry: true },
});
const as = (standing: TerminalStatus | null, blocked = false) => ({ standing, blocked });

describe('why it sells nothing', () => {
  it('is said while it is idle, an administrator’s word before a command’s', () => {
    expect(stopOf(wait, null)).toBeNull();
    expect(stopOf(wait, as(null))).toBeNull();
    expect(stopOf(wait, as('accepted'))).toBeNull();
    expect(stopOf(wait, as('pending'))).toBeNull();
    expect(stopOf(wait, as('accepted', true))).toBe('blocked');
    for (const standing of ['rejected', 'suspended', 'retired'] as const) {
      expect(stopOf(wait, as(standing, true))).toBe(standing);
    }
  });

  it('is said of a card that is turned away, by what turned it away', () => {
    expect(stopOf(problem('terminal.blocked'), as('accepted', true))).toBe('blocked');
    expect(stopOf(problem('terminal.suspended'), as('accepted'))).toBe('suspended');
    expect(stopOf(problem('terminal.retired'), null)).toBe('retired');
    expect(stopOf(problem('card.unknown'), as('suspended', true))).toBeNull();
  });

  it('never covers an order that is open', () => {
    for (const [name, view] of Object.entries(SAMPLE_VIEWS)) {
      if (view.screen === 'wait' || view.screen === 'problem') continue;
      expect(stopOf(view, as('suspended', true)), name).toBeNull();
    }
  });
});
