import type { WaitingCashList } from '@bianmin/purchase/api/hand-out';
import type { HandOutAnswer, StaffAnswer, StaffHandOut } from '../../ipc/staff.ts';
import { useOneHandOut } from './one-hand-out.ts';
import { useWaitingCash } from './waiting-cash.ts';

export interface HandOutsInit {
  readonly waiting: () => Promise<StaffAnswer<WaitingCashList>>;
  readonly handOut: (request: StaffHandOut) => Promise<StaffAnswer<HandOutAnswer>>;
}

/** Refunds whose cash waits, and one of them handed out. */
export function useHandOuts(init: HandOutsInit) {
  const { read, nearest, ...list } = useWaitingCash(init.waiting);
  const { begin, send, ...one } = useOneHandOut(init.handOut);
  const { index, selected } = list;
  const { slip, step, unknown } = one;

  async function load(): Promise<void> {
    const at = await read();
    if (at !== null) turnTo(at);
  }

  function turnTo(at: number): void {
    index.value = at;
    begin();
  }

  /** Not while one is being written down, or may be. */
  function select(at: number): void {
    if (step.value.is === 'sending' || unknown.value) return;
    turnTo(nearest(at));
  }

  /** The next thing: the question, then the answer to it, then the next refund. */
  async function go(): Promise<void> {
    const of = selected.value;
    switch (step.value.is) {
      case 'typing':
        if (of !== null && slip.value !== '') step.value = { is: 'asking' };
        return;
      case 'asking':
        return of === null ? undefined : send(of.refundNo);
      case 'sending':
        return;
      case 'told':
        return load();
    }
  }

  return { ...list, ...one, load, select, go };
}
