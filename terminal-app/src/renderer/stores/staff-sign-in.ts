import { computed, ref, shallowRef, type Ref } from 'vue';
import type { StaffEntry, StaffFault, StaffView } from '../../ipc/staff.ts';

const AWAY = { ok: false, fault: 'away' } as const;

/** Somebody of staff who signs in, and what came of it. `send` fails where the host cannot be reached. */
export function useStaffSignIn(
  view: Readonly<Ref<StaffView>>,
  send: (entry: StaffEntry) => Promise<{ ok: true } | { ok: false; fault: StaffFault; waitMinutes?: number }>,
) {
  const signingIn = ref(false);
  const entering = ref(false);
  const fault = shallowRef<{ fault: StaffFault; waitMinutes?: number } | null>(null);
  const mayEnter = computed(() => view.value.state === 'out' && view.value.mayEnter);

  function ask(): void {
    if (mayEnter.value) signingIn.value = true;
  }

  function cancel(): void {
    signingIn.value = false;
    fault.value = null;
  }

  async function enter(entry: StaffEntry): Promise<void> {
    if (entering.value) return;
    entering.value = true;
    fault.value = null;
    const answer = await send(entry).catch(() => AWAY);
    entering.value = false;
    fault.value = answer.ok ? null : answer;
  }

  return { signingIn, entering, fault, mayEnter, ask, cancel, enter };
}
