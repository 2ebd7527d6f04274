import type { Values } from './translate.ts';
import { yuan } from './yuan.ts';
import type { PurchaseKey } from './zh-CN.ts';

/** What of an amount does not go to the meter, in words; null where all of it does. */
export function takenFirst(of: {
  readonly arrearsFen: number;
  readonly feeFen: number;
}): { readonly key: PurchaseKey; readonly values: Values } | null {
  const { arrearsFen, feeFen } = of;
  const values = { yuan: yuan(arrearsFen + feeFen, 'short') };
  if (arrearsFen > 0) return { key: feeFen > 0 ? 'pay.arrearsAndFeePart' : 'pay.arrearsPart', values };
  return feeFen > 0 ? { key: 'pay.feePart', values } : null;
}
