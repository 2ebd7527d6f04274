import type { IdentifyResponse } from '../api/card.ts';
import type { Household } from './view/household.ts';

/** What a screen shows of a household, by card or by number. */
export function householdOf(
  answer: Pick<IdentifyResponse, 'customer' | 'meter' | 'cashWaitingFen' | 'delivery' | 'supply' | 'bills'>,
): Household {
  const { customer, meter, cashWaitingFen, delivery, supply, bills } = answer;
  return {
    name: customer.name,
    address: customer.address,
    customerNo: customer.customerNo,
    ...(customer.meterTail === undefined ? {} : { meterTail: customer.meterTail }),
    balanceFen: meter.balanceFen,
    balanceAt: meter.readAt,
    arrearsFen: meter.arrearsFen,
    ...(meter.live === true ? { isLive: true as const } : {}),
    ...(meter.ceilingFen === undefined ? {} : { ceilingFen: meter.ceilingFen }),
    ...(cashWaitingFen === undefined ? {} : { cashWaitingFen }),
    ...(delivery === undefined ? {} : { isAccount: true as const }),
    ...(supply === 'off' ? { isOff: true as const } : {}),
    ...(bills === undefined ? {} : { bills }),
  };
}

/** A meter that was read just now and has no room for the least that is sold. */
export function isFull({ limits, meter }: Pick<IdentifyResponse, 'limits' | 'meter'>): boolean {
  return limits.maxFen < limits.minFen && meter.live === true && meter.ceilingFen !== undefined;
}
