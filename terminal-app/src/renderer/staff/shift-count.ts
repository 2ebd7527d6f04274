import { computed, ref, shallowRef } from 'vue';
import { DENOMINATIONS, type ClosedShift, type OpenShift } from '@bianmin/purchase/api/shift';
import type { StaffAnswer, StaffClose, StaffFault } from '../../ipc/staff.ts';

/** Where what stays in the drawer is typed: below the notes and coins. */
export const LEFT_ROW = DENOMINATIONS.length;
const LONGEST = 4;
/** Whole yuan. */
const LONGEST_LEFT = 6;

/** `counting`: pieces are typed. `asking`: whether it is so. `sending`: nobody knows yet. `told`: the shift is over. */
type CountStep =
  { readonly is: 'counting' | 'asking' | 'sending' } | { readonly is: 'told'; readonly closed: ClosedShift };

/**
 * A drawer that is counted at the end of a shift: pieces by denomination and what stays, a question, then it is sent. After no
 * answer nobody knows whether the shift is over: it is asked again with the same shift and count until there is one.
 */
export function useShiftCount(close: (request: StaffClose) => Promise<StaffAnswer<ClosedShift>>) {
  const shift = shallowRef<OpenShift | null>(null);
  const typed = ref<readonly string[]>([]);
  const row = ref(0);
  const step = shallowRef<CountStep>({ is: 'counting' });
  const fault = ref<StaffFault | null>(null);
  /** Sent and not answered. */
  const unknown = ref(false);
  let owner: string | null = null;

  const isOpen = computed(() => shift.value !== null);
  const piecesOf = (at: number): number => Number(typed.value[at] ?? '');
  const counted = computed(() =>
    DENOMINATIONS.map((fen, at) => ({ fen, pieces: piecesOf(at) })).filter(({ pieces }) => pieces > 0),
  );
  const countedFen = computed(() => counted.value.reduce((sum, { fen, pieces }) => sum + fen * pieces, 0));
  const leftFen = computed(() => piecesOf(LEFT_ROW) * 100);
  /** Above 0 too much, below too little. */
  const differenceFen = computed(() => countedFen.value - (shift.value?.drawerFen ?? 0));
  const tooMuchLeft = computed(() => leftFen.value > countedFen.value);

  /** This person is at the desk now: what another one counted, and what is over, is put away. */
  function own(by: string): void {
    if (owner !== by || step.value.is === 'told') reset();
    owner = by;
  }

  /** Counts this shift's drawer, or goes on with its count; one whose end is not known goes before any other. */
  function begin(of: OpenShift): void {
    if (unknown.value || step.value.is === 'sending') return;
    if (shift.value?.id !== of.id) reset();
    shift.value = of;
  }

  function reset(): void {
    shift.value = null;
    typed.value = [];
    row.value = 0;
    step.value = { is: 'counting' };
    fault.value = null;
    unknown.value = false;
  }

  function select(at: number): void {
    if (step.value.is === 'counting') row.value = Math.min(Math.max(0, at), LEFT_ROW);
  }

  function press(digit: string): void {
    if (step.value.is !== 'counting') return;
    const text = ((typed.value[row.value] ?? '') + digit).replace(/^0+/u, '');
    if (text.length > (row.value === LEFT_ROW ? LONGEST_LEFT : LONGEST)) return;
    put(text);
  }

  function erase(): void {
    if (step.value.is === 'counting') put((typed.value[row.value] ?? '').slice(0, -1));
  }

  function put(text: string): void {
    const rows = Array.from({ length: LEFT_ROW + 1 }, (_, at) => typed.value[at] ?? '');
    rows[row.value] = text;
    typed.value = rows;
    fault.value = null;
  }

  /** The next thing: the question, then the answer to it. */
  async function go(): Promise<void> {
    if (step.value.is === 'counting' && !tooMuchLeft.value) step.value = { is: 'asking' };
    else if (step.value.is === 'asking') await send();
  }

  async function send(): Promise<void> {
    const of = shift.value;
    if (of === null) return;
    step.value = { is: 'sending' };
    fault.value = null;
    const answer = await close({ shift: of.id, counted: [...counted.value], leftFen: leftFen.value });
    if (answer.ok) {
      unknown.value = false;
      step.value = { is: 'told', closed: answer.value };
      return;
    }
    fault.value = answer.fault;
    // What was not answered stays so, whatever a later question is refused for.
    unknown.value ||= answer.fault === 'away' || answer.fault === 'failed';
    step.value = { is: 'asking' };
  }

  /** One step back; before the first one the count is put away. */
  function back(): void {
    if (step.value.is === 'sending' || unknown.value) return;
    if (step.value.is === 'asking') step.value = { is: 'counting' };
    else reset();
  }

  return {
    ...{ shift, typed, row, step, fault, unknown, isOpen },
    ...{ counted, countedFen, leftFen, differenceFen, tooMuchLeft },
    ...{ own, begin, reset, select, press, erase, go, back },
  };
}
