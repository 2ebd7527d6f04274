import { computed, ref, shallowRef, type Ref } from 'vue';
import type { StaffEntry, StaffFault, StaffView } from '../../ipc/staff.ts';

const AWAY = { ok: false, fault: 'away' } as const;

type Told = { ok: true } | { ok: false; fault: StaffFault; waitMinutes?: number };

/** Somebody of staff who signs in or comes back, and what came of it. `send` fails where the host cannot be reached. */
export function useStaffSignIn(
  view: Readonly<Ref<StaffView>>,
  send: {
    readonly enter: (entry: StaffEntry) => Promise<Told>;
    readonly pin: (pin: string) => Promise<Told>;
  },
) {
  const signingIn = ref(false);
  const entering = ref(false);
  const isOther = ref(false);
  const fault = shallowRef<{ fault: StaffFault; waitMinutes?: number } | null>(null);
  const mayEnter = computed(() => 'mayEnter' in view.value && view.value.mayEnter);
  /** Whose PIN alone is asked for; null: number and PIN are. */
  const known = computed(() => {
    const { value } = view;
    return value.state === 'in' && value.at === 'aside' && !isOther.value ? value.staff : null;
  });

  function ask(): void {
    if (mayEnter.value) signingIn.value = true;
  }

  /** Not who stepped aside, whose shift stays as it is. */
  function another(): void {
    isOther.value = true;
    fault.value = null;
  }

  function cancel(): void {
    signingIn.value = false;
    isOther.value = false;
    fault.value = null;
  }

  async function told(ask: () => Promise<Told>): Promise<void> {
    if (entering.value) return;
    entering.value = true;
    fault.value = null;
    const answer = await ask().catch(() => AWAY);
    entering.value = false;
    fault.value = answer.ok ? null : answer;
  }

  const enter = (entry: StaffEntry): Promise<void> => told(() => send.enter(entry));
  const pin = (typed: string): Promise<void> => told(() => send.pin(typed));

  return { signingIn, entering, fault, mayEnter, known, ask, another, cancel, enter, pin };
}
