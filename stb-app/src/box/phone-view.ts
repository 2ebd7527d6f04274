import type { PhoneView } from '@bianmin/purchase/api/phone-view';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';

/** Named one by one, so that nothing is shown because a screen came to have it. */
const SHOWN = [
  ...(['screen', 'limits', 'busyFen', 'faceFen', 'paidFen', 'codeUrl', 'closing', 'progress'] as const),
  ...(['orderNo', 'receiptCode', 'moneySafe', 'fen', 'done', 'paid'] as const),
];

/** What the phone beside the television sees of this. */
export function phoneView(view: PurchaseView, chosenFen: number | null): PhoneView & Record<string, unknown> {
  const all: Readonly<Record<string, unknown>> = { ...view };
  const shown: Record<string, unknown> = {};
  for (const name of SHOWN) if (all[name] !== undefined) shown[name] = all[name];
  if ('household' in view) {
    const { name, address } = view.household;
    shown['household'] = { name, address };
  }
  if (chosenFen !== null) shown['chosenFen'] = chosenFen;
  return { ...shown, screen: view.screen };
}
