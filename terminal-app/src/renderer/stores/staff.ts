import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { HostCall, HostCalls } from '../../ipc/map.ts';
import type { StaffView } from '../../ipc/staff.ts';
import type { LinkedBridge } from '../bridge/linked-bridge.ts';
import { useStaffSignIn } from './staff-sign-in.ts';

/** How often the host is told that somebody is at the desk, at most, ms. */
const TOUCH_MS = 10_000;

type StaffCall = Extract<HostCall, `staff.${string}`>;

/** Staff mode as the host says it, and whether somebody is about to sign in. */
export const useStaff = defineStore('staff', () => {
  const view = shallowRef<StaffView>({ state: 'out', mayEnter: false });
  let bridge: LinkedBridge | undefined;
  const { signingIn, mayEnter, cancel, ...signIn } = useStaffSignIn(view, {
    enter: (entry) => call('staff.enter', entry),
    pin: (pin) => call('staff.pin', { pin }),
  });

  /** Staff at their desk, also while a purchase that they help with covers it. */
  const desk = computed(() => (view.value.state === 'in' && view.value.at === 'desk' ? view.value : null));
  /** Who has the screen: a purchase always does. */
  const screen = computed((): 'none' | 'sign-in' | 'desk' => {
    if (desk.value !== null) return desk.value.covered ? 'none' : 'desk';
    return signingIn.value && mayEnter.value ? 'sign-in' : 'none';
  });

  /** Whose card was just here: staff are back at that order. */
  let returned: string | null = null;

  function take(next: StaffView): void {
    const was = desk.value;
    view.value = next;
    const now = desk.value;
    if (was?.covered === true && now?.covered === false) returned = was.expecting;
    // Somebody is served, or staff are at the desk: the question is over.
    if (!mayEnter.value) cancel();
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

  function aside(): void {
    call('staff.aside', null).catch(() => undefined);
  }

  let touchedAt = -Infinity;
  /** Somebody does something at the desk, or at a purchase that they help with. */
  function touch(): void {
    const now = performance.now();
    if (desk.value === null || now - touchedAt < TOUCH_MS) return;
    touchedAt = now;
    call('staff.touch', null).catch(() => undefined);
  }

  /** Asked once: the order whose card was just here; null where none was. */
  function takeReturned(): string | null {
    const orderNo = returned;
    returned = null;
    return orderNo;
  }

  return {
    ...{ view, desk, screen, mayEnter, ...signIn, cancel },
    ...{ start, call, leave, aside, touch, takeReturned },
  };
});
