import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import type { DeskView, StaffView } from '../../ipc/staff.ts';
import type { LinkedBridge } from '../bridge/linked-bridge.ts';
import { useStaff } from './staff.ts';

const IN: DeskView = {
  ...{ state: 'in', at: 'desk', covered: false, staff: 'zhang', expecting: null, orders: 'community' },
  ...{ may: { orders: true, cash: true }, shift: null, pinAfterMs: 300_000, pinAboveFen: 20_000 },
};
const ASIDE: StaffView = { state: 'in', at: 'aside', mayEnter: true, staff: 'zhang' };
let tell: (view: StaffView) => void;
let calls: unknown[];
beforeEach(() => {
  setActivePinia(createPinia());
  calls = [];
  const bridge = {
    call: (...call: unknown[]) => {
      calls.push(call);
      return Promise.resolve({ ok: false, fault: 'bad-pin' });
    },
    on: (_name: string, listener: (view: StaffView) => void) => {
      tell = listener;
      return () => undefined;
    },
    onLink: () => () => undefined,
  };
  useStaff().start(bridge as unknown as LinkedBridge);
});

describe('who has the screen', () => {
  it('is never staff while a resident is served', () => {
    const staff = useStaff();
    staff.ask();
    expect(staff.screen).toBe('none');
    tell({ state: 'out', mayEnter: true });
    staff.ask();
    expect(staff.screen).toBe('sign-in');
    tell({ state: 'out', mayEnter: false });
    tell({ state: 'out', mayEnter: true });
    expect(staff.screen).toBe('none');
    tell(IN);
    expect(staff.screen).toBe('desk');
    tell({ ...IN, covered: true });
    expect(staff.screen).toBe('none');
  });

  it('says why staff were not let in, until it is left', async () => {
    const staff = useStaff();
    tell({ state: 'out', mayEnter: true });
    staff.ask();
    await staff.enter({ staff: '104817', pin: '000000' });
    expect([staff.fault?.fault, staff.entering]).toEqual(['bad-pin', false]);
    staff.cancel();
    expect(staff.fault).toBe(null);
  });

  it('comes back, once, to the order whose card was here', () => {
    const staff = useStaff();
    tell(IN);
    expect(staff.takeReturned()).toBe(null);
    tell({ ...IN, expecting: '261127093000123456' });
    tell({ ...IN, covered: true, expecting: '261127093000123456' });
    tell(IN);
    expect([staff.takeReturned(), staff.takeReturned()]).toEqual(['261127093000123456', null]);
  });

  it('who stepped aside are asked for their PIN alone, another person for number and PIN', async () => {
    const staff = useStaff();
    tell(ASIDE);
    expect([staff.screen, staff.desk, staff.mayEnter]).toEqual(['none', null, true]);
    staff.ask();
    expect([staff.screen, staff.known]).toEqual(['sign-in', 'zhang']);
    await staff.pin('000000');
    expect([calls, staff.fault?.fault]).toEqual([[['staff.pin', { pin: '000000' }]], 'bad-pin']);
    staff.another();
    expect([staff.known, staff.fault]).toEqual([null, null]);
    staff.cancel();
    staff.ask();
    expect(staff.known).toBe('zhang');
    tell({ ...ASIDE, mayEnter: false });
    expect(staff.screen).toBe('none');
    tell(IN);
    expect([staff.screen, staff.known]).toEqual(['desk', null]);
  });

  it('tells the host that somebody is there, now and then and only at the desk', () => {
    const staff = useStaff();
    tell(ASIDE);
    staff.touch();
    expect(calls).toEqual([]);
    tell({ ...IN, covered: true });
    staff.touch();
    staff.touch();
    expect(calls).toEqual([['staff.touch', null]]);
  });
});
