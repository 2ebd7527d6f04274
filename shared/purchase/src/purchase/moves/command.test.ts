import { describe, expect, it } from 'vitest';
import { NO, order, PHASES, SLOT, ticket } from '../../testing/card-purchase-states.ts';
import { PHASES as CASH, PIN } from '../../testing/cash-purchase-states.ts';
import { NUMBER, PHASES as HOME } from '../../testing/home-purchase-states.ts';
import { movesIn, out, problem, stateIn } from '../../testing/purchase-phases.ts';
import type { Phase, PhaseName } from '../state.ts';
import { also, enter, stay } from '../step.ts';
import { DEFAULT_TIMINGS as T } from '../timings.ts';
import type { PurchaseCommand } from '../view/command.ts';
import { onCommand } from './command.ts';

const does = (phase: Phase, command: PurchaseCommand) => onCommand(stateIn(phase), command, 'key', T);
const entered = (phase: Phase, next: Phase) => enter(stateIn(phase), next, T);
const stays = (phase: Phase) => stay(stateIn(phase));
const moved = (command: PurchaseCommand) => movesIn((state) => onCommand(state, command, 'key', T));
const idle: Phase = { name: 'idle' };
const abandon = { do: 'abandon', orderNo: NO } as const;
const named = <P extends Phase>(phases: readonly P[]) => phases.map((phase) => ({ name: phase.name, phase }));

describe('a command', () => {
  it.each<readonly [PurchaseCommand, readonly PhaseName[]]>([
    [{ type: 'without-card' }, ['idle']],
    [{ type: 'home', homeId: 'h' }, ['idle']],
    [{ type: 'customer-no', customerNo: NUMBER }, ['customer-no']],
    [{ type: 'proof', proof: '1' }, ['proof']],
    [{ type: 'cash' }, ['pay']],
    [{ type: 'cash-staff', staff: 's', pin: PIN }, ['cash']],
    [{ type: 'cash-pin', pin: PIN }, ['cash']],
    [{ type: 'cash-taken' }, ['cash']],
    [{ type: 'choose-credit', choice: 'refund' }, ['credit-failed', 'bring-card']],
    [{ type: 'confirm-card' }, ['who']],
    [{ type: 'choose-amount', faceFen: 5000 }, ['amount']],
    [{ type: 'choose-channel', channel: 'alipay' }, ['pay']],
    [{ type: 'resume' }, ['resume']],
    [{ type: 'stay' }, []],
  ])('does nothing where its screen is not shown: %o', (command, names) => {
    expect(moved(command)).toEqual(new Set(names));
  });

  it('confirms whose card it is', () => {
    expect(does(PHASES.who, { type: 'confirm-card' })).toEqual(entered(PHASES.who, PHASES.amount));
    expect(does(HOME.who, { type: 'confirm-card' })).toEqual(entered(HOME.who, HOME.amount));
  });

  it('chooses an amount that may be bought', () => {
    const ordering = { ...PHASES.ordering, key: 'key' };
    expect(does(PHASES.amount, { type: 'choose-amount', faceFen: 5000 })).toEqual(
      entered(PHASES.amount, ordering),
    );
    const trouble = { code: 'amount-out-of-range', staffCode: 'order.amount-out-of-range' } as const;
    for (const [phase, slot] of [
      [PHASES.amount, SLOT],
      [HOME.amount, null],
    ] as const) {
      const told = problem({ slot, trouble, again: phase });
      expect(does(phase, { type: 'choose-amount', faceFen: 5050 })).toEqual(entered(phase, told));
    }
  });

  it('chooses another wallet, where there is one to choose', () => {
    const alipay = { type: 'choose-channel', channel: 'alipay' } as const;
    expect(does(PHASES.pay, alipay)).toEqual(entered(PHASES.pay, { ...PHASES.pay, channel: 'alipay' }));
    expect(does(PHASES.pay, { type: 'choose-channel', channel: 'wechat' })).toEqual(stays(PHASES.pay));
    const { payment, ...rest } = order('paying');
    const none: Phase = { ...PHASES.pay, order: { ...rest, payment: null } };
    expect(does(none, alipay)).toEqual(entered(none, { ...none, channel: 'alipay' }));
    const any: Phase = {
      ...PHASES.pay,
      order: { ...rest, payment: payment && { ...payment, channel: 'any' } },
    };
    expect(does(any, alipay)).toEqual(stays(any));
  });

  it('resumes a paid order', () => {
    const { resume, writing } = PHASES;
    expect(does(resume, { type: 'resume' })).toEqual(entered(resume, { ...writing, ticket: ticket('sold') }));
    // A card that was claimed written and came back as it was before is written again.
    const back: Phase = { ...resume, ticket: ticket('done') };
    expect(does(back, { type: 'resume' })).toEqual(entered(back, { ...writing, ticket: ticket('done') }));
    const unsold: Phase = { ...resume, ticket: ticket('paid') };
    expect(does(unsold, { type: 'resume' })).toEqual(entered(unsold, PHASES.selling));
  });
});

describe('going back', () => {
  it.each(named([PHASES.who, PHASES.resume]))('leaves the card alone: $name', ({ phase }) => {
    expect(does(phase, { type: 'back' })).toEqual(entered(phase, PHASES.rest));
  });

  it('leads one question back', () => {
    expect(does(PHASES.amount, { type: 'back' })).toEqual(entered(PHASES.amount, PHASES.who));
    expect(does(HOME.amount, { type: 'back' })).toEqual(entered(HOME.amount, HOME.who));
    expect(does(HOME.proof, { type: 'back' })).toEqual(entered(HOME.proof, HOME.number));
    expect(does(CASH.offered, { type: 'back' })).toEqual(entered(CASH.offered, CASH.pay));
    for (const phase of [HOME.who, HOME.number, HOME.recalling, HOME.keptAmount]) {
      expect(does(phase, { type: 'back' })).toEqual(entered(phase, idle));
    }
  });

  it('from a code has it closed first', () => {
    expect(does(PHASES.pay, { type: 'back' })).toEqual(entered(PHASES.pay, PHASES.closing));
    expect(does(HOME.pay, { type: 'back' })).toEqual(entered(HOME.pay, HOME.closing));
  });

  it('is not possible while something is under way', () => {
    const names = ['who', 'resume', 'amount', 'pay', 'cash', 'customer-no', 'recalling', 'proof', 'problem'];
    expect(moved({ type: 'back' })).toEqual(new Set(names));
  });

  it('from a problem leaves where no card waits for its second try', () => {
    const again = PHASES.who;
    const inSlot = problem({ again });
    expect(does(inSlot, { type: 'back' })).toEqual(stays(inSlot));
    const end = problem();
    expect(does(end, { type: 'back' })).toEqual(entered(end, PHASES.rest));
    const gone = problem({ slot: null, again });
    expect(does(gone, { type: 'back' })).toEqual(entered(gone, idle));
  });
});

describe('trying again', () => {
  it('goes back to what failed, which shows at once', () => {
    const trouble = { code: 'server-away', staffCode: 'server.unavailable' } as const;
    for (const again of [PHASES.identifying, PHASES.writing]) {
      const told = problem({ again: { ...again, trouble } });
      expect(does(told, { type: 'retry' })).toEqual(entered(told, again));
    }
    const told = problem({ again: PHASES.amount });
    expect(does(told, { type: 'retry' })).toEqual(entered(told, PHASES.amount));
    const end = problem();
    expect(does(end, { type: 'retry' })).toEqual(stays(end));
  });

  it('after a code that ran out begins as far back as it must', () => {
    const { expired } = PHASES;
    expect(does(expired, { type: 'retry' })).toEqual(entered(expired, PHASES.reading));
    expect(does(out(expired), { type: 'retry' })).toEqual(entered(out(expired), idle));
    const used: Phase = { name: 'proof', customerNo: NUMBER, fault: 'used' };
    expect(does(HOME.expired, { type: 'retry' })).toEqual(entered(HOME.expired, used));
    expect(does(HOME.keptExpired, { type: 'retry' })).toEqual(entered(HOME.keptExpired, HOME.recalling));
  });

  it('is possible nowhere else', () => {
    expect(moved({ type: 'retry' })).toEqual(new Set(['expired']));
  });
});

describe('an end', () => {
  const withCard = [PHASES.who, PHASES.amount, PHASES.expired, PHASES.resume, PHASES.done, PHASES.refund];
  const home = [HOME.number, HOME.proof, HOME.recalling, HOME.credited, HOME.failed, HOME.bring, HOME.slow];

  it.each(named([...withCard, HOME.failedCardIn, PHASES.silent, problem()]))(
    'leaves the card alone: $name',
    ({ phase }) => {
      expect(does(phase, { type: 'finish' })).toEqual(entered(phase, PHASES.rest));
    },
  );

  it.each(named([...home, PHASES.pulled, out(PHASES.done), out(PHASES.silent)]))(
    'makes room where none is in: $name',
    ({ phase }) => {
      expect(does(phase, { type: 'finish' })).toEqual(entered(phase, idle));
    },
  );

  it('does not wait for a card that is out already', () => {
    const gone = stateIn(PHASES.done, { present: [] });
    expect(onCommand(gone, { type: 'finish' }, 'key', T)).toEqual(enter(gone, idle, T));
  });

  it('of a silent grid is possible as soon as that is known', () => {
    const slow: Phase = { ...PHASES.selling, slow: true };
    const silent: Phase = { ...PHASES.silent, slow: false };
    for (const phase of [slow, silent]) {
      expect(does(phase, { type: 'finish' })).toEqual(entered(phase, PHASES.rest));
    }
  });

  it('of what may still be paid closes it', () => {
    expect(does(PHASES.pay, { type: 'finish' })).toEqual(entered(PHASES.pay, PHASES.closing));
    expect(does(CASH.offered, { type: 'finish' })).toEqual(entered(CASH.offered, CASH.pay));
    const hiding = problem({ again: PHASES.pay });
    expect(does(hiding, { type: 'finish' })).toEqual(also(entered(hiding, PHASES.rest), abandon));
  });

  it.each(
    named([PHASES.selling, PHASES.writing, PHASES.closing, PHASES.ordering, HOME.crediting, PHASES.idle]),
  )('is not possible while something is under way: $name', ({ phase }) => {
    expect(does(phase, { type: 'finish' })).toEqual(stays(phase));
  });
});
