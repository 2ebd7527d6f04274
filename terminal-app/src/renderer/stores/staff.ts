import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { HostCall, HostCalls } from '../../ipc/map.ts';
import type { StaffView } from '../../ipc/staff.ts';
import type { LinkedBridge } from '../bridge/linked-bridge.ts';
import { useStaffSignIn } from './staff-sign-in.ts';

type StaffCall = Extract<HostCall, `staff.${string}`>;

/** Staff mode as the host says it, and whether somebody is about to sign in. */
export const useStaff = defineStore('staff', () => {
  const view = shallowRef<StaffView>({ state: 'out', mayEnter: false });
  let bridge: LinkedBridge | undefined;
  const { signingIn, entering, fault, mayEnter, ask, cancel, enter } = useStaffSignIn(view, (entry) =>
    call('staff.enter', entry),
  );

  /** Who has the screen: a purchase always does. */
  const screen = computed((): 'none' | 'sign-in' | 'desk' => {
    if (view.value.state === 'in') return view.value.covered ? 'none' : 'desk';
    return signingIn.value && mayEnter.value ? 'sign-in' : 'none';
  });

  /** Whose card was just here: staff are back at that order. */
  let returned: string | null = null;

  function take(next: StaffView): void {
    const { value: was } = view;
    if (was.state === 'in' && was.covered && next.state === 'in' && !next.covered) returned = was.expecting;
    view.value = next;
    // Somebody is served, or staff are in: the question is over.
    if (next.state === 'in' || !next.mayEnter) cancel();
  }

  function start(host: LinkedBridge): void {
    bridge = host;
    host.on('staff.view', take);
    host.onLink((up) => {
      // A refresh that fails means that the link went down again: its own return brings the next one.
      if (up) host.call('staff.view', null).then(take, () => undefined);
    });
  }

  /** Fails where the host cannot be reached. */
  function call<K extends StaffCall>(
    name: K,
    request: HostCalls[K]['request'],
  ): Promise<HostCalls[K]['response']> {
    return bridge === undefined ? Promise.reject(new Error('link.down')) : bridge.call(name, request);
  }

  function leave(): void {
    call('staff.leave', null).catch(() => undefined);
  }

  /** Asked once: the order whose card was just here; null where none was. */
  function takeReturned(): string | null {
    const orderNo = returned;
    returned = null;
    return orderNo;
  }

  return { takeReturned, view, screen, mayEnter, entering, fault, start, ask, cancel, enter, leave, call };
});
