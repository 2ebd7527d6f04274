import { describe, expect, it } from 'vitest';
import { described, NUMBER, PHASES, PROOF, SLOT } from '../../testing/home-purchase-states.ts';
import { movesIn, problem, stateIn } from '../../testing/purchase-phases.ts';
import type { RemoteCustomer } from '../../api/remote.ts';
import type { PurchaseProblem } from '../view/problem-screens.ts';
import type { Phase } from '../state.ts';
import { enter, stay } from '../step.ts';
import { DEFAULT_TIMINGS as T } from '../timings.ts';
import { onDescribed, onHomeCommand, onHomeRefused } from './home.ts';

const homeId = PHASES.recalling.homeId;
const answered = (blocked: RemoteCustomer['blocked']): RemoteCustomer => {
  const event = described(blocked);
  if (event.type !== 'described') throw new Error('no answer');
  return event.answer;
};

describe('a household without its card', () => {
  it.each([
    ['by its number', { type: 'without-card' }, { name: 'customer-no' }],
    ['that the box keeps', { type: 'home', homeId }, { name: 'recalling', homeId }],
  ] as const)('begins %s, where no card is in', (_, command, next) => {
    const idle = stateIn(PHASES.idle);
    expect(onHomeCommand(idle, command, T)).toEqual(enter(idle, next, T));
    expect(movesIn((state) => onHomeCommand(state, command, T))).toEqual(new Set(['idle']));
    const taken = stateIn(PHASES.idle, { present: [SLOT] });
    expect(onHomeCommand(taken, command, T)).toEqual(stay(taken));
  });

  it.each(['1234', '650100001001', 'Ab1234567890123456Zz'])('may have the number %s', (customerNo) => {
    const before = stateIn(PHASES.number);
    const proof: Phase = { name: 'proof', customerNo, fault: null };
    expect(onHomeCommand(before, { type: 'customer-no', customerNo }, T)).toEqual(enter(before, proof, T));
  });

  it.each(['', '123', '123456789012345678901', '1234 ', ' 1234', '12-34', '１２３４'])(
    'cannot have the number "%s"',
    (customerNo) => {
      const before = stateIn(PHASES.number);
      expect(onHomeCommand(before, { type: 'customer-no', customerNo }, T)).toEqual(stay(before));
    },
  );

  it('says its number and its digits where they are asked for', () => {
    const number = { type: 'customer-no', customerNo: NUMBER } as const;
    expect(movesIn((state) => onHomeCommand(state, number, T))).toEqual(new Set(['customer-no']));
    const proof = { type: 'proof', proof: PROOF } as const;
    const before = stateIn(PHASES.proof);
    expect(onHomeCommand(before, proof, T)).toEqual(enter(before, PHASES.describing, T));
    expect(movesIn((state) => onHomeCommand(state, proof, T))).toEqual(new Set(['proof']));
  });
});

describe('a household that the grid knows', () => {
  const answer: RemoteCustomer = {
    ...answered(null),
    meter: { balanceFen: 2340, readAt: '2026-01-14T00:00:00Z', arrearsFen: 700 },
  };
  const { name, address, customerNo } = answer.customer;
  const household = {
    ...{ name, address, customerNo },
    ...{ balanceFen: 2340, balanceAt: '2026-01-14T00:00:00Z', arrearsFen: 700 },
  };

  it('is shown for a yes, with what is left and owed', () => {
    const before = stateIn(PHASES.describing);
    const buyer = { customerNo: NUMBER, proof: PROOF, household, limits: answer.limits };
    expect(onDescribed(before, answer, T)).toEqual(enter(before, { name: 'who', slot: null, buyer }, T));
  });

  it('goes straight to the amount where the box keeps it', () => {
    const before = stateIn(PHASES.recalling);
    const buyer = { homeId, household, limits: answer.limits };
    expect(onDescribed(before, answer, T)).toEqual(enter(before, { name: 'amount', slot: null, buyer }, T));
  });

  it.each([
    ['meter.not-remote', 'not-remote'],
    ['meter.previous-not-inserted', 'not-yet-used'],
    ['meter.order-open', 'order-open-elsewhere'],
  ] as const)('may not buy: %s', (blocked, code) => {
    const trouble = { code, staffCode: blocked };
    for (const [phase, again] of [
      [PHASES.recalling, PHASES.recalling],
      [PHASES.describing, PHASES.number],
    ] as const) {
      const before = stateIn(phase);
      const told = problem({ slot: null, trouble, again });
      expect(onDescribed(before, answered(blocked), T)).toEqual(enter(before, told, T));
    }
  });

  it('is no answer to another question', () => {
    const moved = movesIn((state) => onDescribed(state, answer, T));
    expect(moved).toEqual(new Set(['describing', 'recalling']));
  });
});

describe('a household that is refused', () => {
  const byNumber = { of: { customerNo: NUMBER }, asked: PHASES.describing };
  const kept = { of: { homeId }, asked: PHASES.keptOrdering };
  const refused = (of: typeof byNumber | typeof kept, code: string) =>
    onHomeRefused(stateIn(of.asked), { ...of, code }, T);
  const told = (of: typeof byNumber | typeof kept, code: PurchaseProblem, staffCode: string, again: Phase) =>
    enter(stateIn(of.asked), problem({ slot: null, trouble: { code, staffCode }, again }), T);

  it('says its digits once more where only they were wrong', () => {
    const wrong: Phase = { name: 'proof', customerNo: NUMBER, fault: 'wrong' };
    const code = 'customer.not-proven';
    expect(refused(byNumber, code)).toEqual(enter(stateIn(byNumber.asked), wrong, T));
    expect(refused(kept, code)).toEqual(told(kept, 'unexpected', code, PHASES.recalling));
  });

  it('is asked about again as it was, after what passes', () => {
    const code = 'grid.unavailable';
    expect(refused(byNumber, code)).toEqual(told(byNumber, 'grid-busy', code, byNumber.asked));
    expect(refused(kept, code)).toEqual(told(kept, 'grid-busy', code, kept.asked));
  });

  it('begins anew after what does not', () => {
    const code = 'meter.not-remote';
    expect(refused(byNumber, code)).toEqual(told(byNumber, 'not-remote', code, PHASES.number));
    expect(refused(kept, code)).toEqual(told(kept, 'not-remote', code, PHASES.recalling));
  });

  it.each([
    ['binding.not-found', 'home-gone'],
    ['customer.unknown', 'customer-unknown'],
  ] as const)('is asked for its number where it is gone: %s', (code, gone) => {
    expect(refused(kept, code)).toEqual(told(kept, gone, code, PHASES.number));
  });
});
