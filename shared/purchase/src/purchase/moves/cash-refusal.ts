import type { CashStep } from '../cash-step.ts';
import type { CashRefusal } from '../view/cash-screens.ts';

export function faultOf(code: string): Extract<CashStep, { is: 'asking' }>['fault'] {
  switch (code) {
    case 'float.bad-pin':
      return 'wrong';
    case 'request.rate-limited':
      return 'locked';
    case 'auth.forbidden':
      return 'forbidden';
    case 'float.offer-stale':
      return 'stale';
    case 'staff.session-over':
      return 'ended';
    // Nothing went wrong: this is what is asked for.
    case 'staff.pin-needed':
    case 'shift.none':
      return null;
    default:
      return 'away';
  }
}

/** Whether the PIN of the shift's clerk is enough, after a question that was asked by the shift or not. */
export function isPinEnough(code: string, byShift: boolean): boolean {
  if (code === 'staff.pin-needed') return true;
  return byShift && code !== 'staff.session-over' && code !== 'shift.none' && code !== 'auth.forbidden';
}

export function refusalOf(code: string): CashRefusal | undefined {
  switch (code) {
    case 'float.none':
      return 'none';
    case 'float.frozen':
      return 'frozen';
    case 'float.empty':
      return 'empty';
    case 'float.day-limit':
      return 'day-limit';
    default:
      return undefined;
  }
}
