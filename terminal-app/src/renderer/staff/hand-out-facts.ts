import type { WaitingCash } from '@bianmin/purchase/api/hand-out';
import { wallTime } from '../../words/wall-time.ts';
import type { useWords } from '../stores/words.ts';

/** Whose cash it is that waits, why and since when, as lines of a screen; none where there is no such refund. */
export function handOutFacts(
  of: WaitingCash | null,
  t: ReturnType<typeof useWords>['t'],
): readonly { readonly label: string; readonly value: string }[] {
  if (of === null) return [];
  const { household, receiptCode, since, reason, here } = of;
  return [
    { label: t('staff.label.household'), value: `${household.name} ${household.address}` },
    { label: t('staff.label.customerNo'), value: household.customerNo },
    ...(household.meterTail === undefined
      ? []
      : [{ label: t('staff.label.meterTail'), value: household.meterTail }]),
    { label: t('done.receipt'), value: receiptCode },
    { label: t('staff.handOut.why'), value: t(`staff.handOut.why.${reason}`) },
    { label: t('staff.handOut.since'), value: wallTime(since) },
    { label: t('staff.handOut.where'), value: t(here ? 'staff.here' : 'staff.elsewhere') },
  ];
}
