import type { DeskView } from '../../ipc/staff.ts';

export type DeskTab = 'recent' | 'unfinished' | 'cash' | 'machine';

/** What somebody of staff may turn to, in the order of the keys. */
export function deskTabs(may: DeskView['may']): readonly DeskTab[] {
  return [
    ...(may.orders ? (['recent', 'unfinished'] as const) : []),
    ...(may.cash ? (['cash'] as const) : []),
    'machine',
  ];
}

/** Whether it lists orders. */
export function listsOrders(tab: DeskTab): boolean {
  return tab === 'recent' || tab === 'unfinished';
}
