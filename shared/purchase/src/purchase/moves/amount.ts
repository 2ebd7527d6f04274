import { amountFits } from '../../api/amount-fits.ts';
import { enter, freeProblem, stay } from '../step.ts';
import type { Step } from '../step.ts';
import type { PurchaseState } from '../state.ts';
import type { PurchaseTimings } from '../timings.ts';
import type { PurchaseCommand } from '../view/command.ts';

type AmountCommand = Extract<
  PurchaseCommand,
  { type: 'confirm-card' | 'choose-amount' | 'choose-bill' | 'choose-channel' }
>;

/** It is the right household, so much is bought, and this is how it is paid. `key` makes the order one. */
export function onAmountCommand(
  state: PurchaseState,
  command: AmountCommand,
  key: string,
  timings: PurchaseTimings,
): Step {
  const { phase } = state;
  switch (command.type) {
    case 'confirm-card':
      if (phase.name !== 'who') return stay(state);
      return enter(state, { name: 'amount', slot: phase.slot, buyer: phase.buyer }, timings);
    case 'choose-amount':
      if (phase.name !== 'amount') return stay(state);
      if (!amountFits(phase.buyer.limits, command.faceFen)) {
        const trouble = { code: 'amount-out-of-range', staffCode: 'order.amount-out-of-range' } as const;
        return enter(state, freeProblem(phase.slot, trouble, phase), timings);
      }
      return enter(
        state,
        { name: 'ordering', slot: phase.slot, buyer: phase.buyer, faceFen: command.faceFen, key },
        timings,
      );
    case 'choose-bill': {
      if (phase.name !== 'amount') return stay(state);
      const bill = phase.buyer.household.bills?.find(({ billNo }) => billNo === command.billNo);
      if (bill === undefined) return stay(state);
      const { billNo, dueFen: faceFen } = bill;
      return enter(state, { ...phase, name: 'ordering', faceFen, billNo, key }, timings);
    }
    case 'choose-channel':
      if (phase.name !== 'pay' || phase.channel === command.channel) return stay(state);
      // A code for every wallet leaves nothing to choose, and the server shows no other.
      if (phase.order.payment?.channel === 'any') return stay(state);
      return enter(state, { ...phase, channel: command.channel }, timings);
  }
}
