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
    default:
      return 'away';
  }
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
