import { ref, shallowRef } from 'vue';
import type { HandOutAnswer, StaffAnswer, StaffFault, StaffHandOut } from '../../ipc/staff.ts';

/** As long as a number in a book of slips may be. */
const LONGEST = 12;

/** `typing`: the slip's number. `asking`: whether it is so. `sending`: nobody knows yet. `told`: it is written down. */
type HandOutStep =
  { readonly is: 'typing' | 'asking' | 'sending' } | { readonly is: 'told'; readonly answer: HandOutAnswer };

/**
 * Cash of one refund handed out: its slip's number, a question, then it is written down. After no answer nobody knows
 * whether it is: it is asked again with the same slip, and nothing is handed out until there is one.
 */
export function useOneHandOut(handOut: (request: StaffHandOut) => Promise<StaffAnswer<HandOutAnswer>>) {
  const slip = ref('');
  const step = shallowRef<HandOutStep>({ is: 'typing' });
  const fault = ref<StaffFault | null>(null);
  /** Sent and not answered: only the same slip says what became of it. */
  const unknown = ref(false);

  function begin(): void {
    slip.value = '';
    step.value = { is: 'typing' };
    fault.value = null;
  }

  function press(digit: string): void {
    if (step.value.is !== 'typing' || unknown.value || slip.value.length >= LONGEST) return;
    slip.value += digit;
    fault.value = null;
  }

  function erase(): void {
    if (step.value.is === 'typing' && !unknown.value) slip.value = slip.value.slice(0, -1);
  }

  async function send(refundNo: string): Promise<void> {
    step.value = { is: 'sending' };
    fault.value = null;
    const answer = await handOut({ refundNo, slip: slip.value });
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

  return { slip, step, fault, unknown, begin, press, erase, send, back };
}
