import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import type { StaffView } from '../../ipc/staff.ts';
import type { LinkedBridge } from '../bridge/linked-bridge.ts';
import { useStaff } from './staff.ts';

const IN: Extract<StaffView, { state: 'in' }> = {
  ...{ state: 'in', covered: false, staff: 'zhang', expecting: null, orders: 'community' },
  may: { orders: true, cash: true },
};
let tell: (view: StaffView) => void;
beforeEach(() => {
  setActivePinia(createPinia());
  const bridge = {
    call: () => Promise.resolve({ ok: false, fault: 'bad-pin' }),
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
});
