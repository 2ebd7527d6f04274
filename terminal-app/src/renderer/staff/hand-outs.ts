import { computed, ref, shallowRef } from 'vue';
import type { CashSum } from '@bianmin/shared/api/float';
import type { WaitingCash, WaitingCashList } from '@bianmin/shared/api/hand-out';
import type { HandOutAnswer, StaffAnswer, StaffFault, StaffHandOut } from '../../ipc/staff.ts';

/** As long as a number in a book of slips may be. */
const LONGEST = 12;

export interface HandOutsInit {
  readonly waiting: () => Promise<StaffAnswer<WaitingCashList>>;
  readonly handOut: (request: StaffHandOut) => Promise<StaffAnswer<HandOutAnswer>>;
}

/** `typing`: the slip's number. `asking`: whether it is so. `sending`: nobody knows yet. `told`: it is written down. */
export type HandOutStep =
  { readonly is: 'typing' | 'asking' | 'sending' } | { readonly is: 'told'; readonly answer: HandOutAnswer };

/**
 * Refunds whose cash waits, and one of them handed out: its slip's number, a question, then it is written down. After no answer
 * nobody knows whether it is: it is asked again with the same slip, and nothing is handed out until there is one.
 */
export function useHandOuts(init: HandOutsInit) {
  const refunds = shallowRef<readonly WaitingCash[]>([]);
  const sum = shallowRef<CashSum | null>(null);
  const listFault = ref<StaffFault | null>(null);
  const index = ref(0);
  const slip = ref('');
  const step = shallowRef<HandOutStep>({ is: 'typing' });
  const fault = ref<StaffFault | null>(null);
  /** Sent and not answered: only the same slip says what became of it. */
  const unknown = ref(false);
  const selected = computed(() => refunds.value[index.value] ?? null);

  async function load(): Promise<void> {
    listFault.value = null;
    const was = selected.value?.refundNo;
    const answer = await init.waiting();
    if (!answer.ok) {
      listFault.value = answer.fault;
      return;
    }
    refunds.value = answer.value.refunds;
    sum.value = answer.value.waiting;
    begin(
      Math.max(
        0,
        refunds.value.findIndex(({ refundNo }) => refundNo === was),
      ),
    );
  }

  function begin(at: number): void {
    index.value = at;
    slip.value = '';
    step.value = { is: 'typing' };
    fault.value = null;
  }

  /** Not while one is being written down, or may be. */
  function select(at: number): void {
    if (step.value.is === 'sending' || unknown.value) return;
    begin(Math.min(Math.max(0, at), Math.max(0, refunds.value.length - 1)));
  }

  function press(digit: string): void {
    if (step.value.is !== 'typing' || unknown.value || slip.value.length >= LONGEST) return;
    slip.value += digit;
    fault.value = null;
  }

  function erase(): void {
    if (step.value.is === 'typing' && !unknown.value) slip.value = slip.value.slice(0, -1);
  }

  /** The next thing: the question, then the answer to it, then the next refund. */
  async function go(): Promise<void> {
    switch (step.value.is) {
      case 'typing':
        if (selected.value !== null && slip.value !== '') step.value = { is: 'asking' };
        return;
      case 'asking':
        return send();
      case 'sending':
        return;
      case 'told':
        return load();
    }
  }

  async function send(): Promise<void> {
    const of = selected.value;
    if (of === null) return;
    step.value = { is: 'sending' };
    fault.value = null;
    const answer = await init.handOut({ refundNo: of.refundNo, slip: slip.value });
    if (answer.ok) {
      unknown.value = false;
      step.value = { is: 'told', answer: answer.value };
      return;
    }
    fault.value = answer.fault;
    unknown.value = answer.fault === 'away' || answer.fault === 'failed';
    step.value = { is: unknown.value ? 'asking' : 'typing' };
  }

  /** One step back; false where there is none. */
  function back(): boolean {
    if (step.value.is === 'sending' || unknown.value) return true;
    if (step.value.is !== 'asking') return false;
    step.value = { is: 'typing' };
    return true;
  }

  return {
    refunds,
    sum,
    listFault,
    index,
    selected,
    slip,
    step,
    fault,
    unknown,
    load,
    select,
    press,
    erase,
    go,
    back,
  };
}
