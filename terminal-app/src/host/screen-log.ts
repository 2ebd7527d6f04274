import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import type { HostLog } from './log.ts';
import type { Visit } from './visit.ts';

/** A line for each screen that a visit comes to, within its trace: the visit begins with the first and ends where the screen waits again. */
export function screenLog(visit: Visit, log: Pick<HostLog, 'info'>): (view: PurchaseView) => void {
  let logged = '';
  return (view) => {
    const shown = {
      screen: view.screen,
      ...('orderNo' in view ? { orderNo: view.orderNo } : {}),
      ...(view.screen === 'problem' ? { problem: view.staffCode } : {}),
    };
    if (view.screen !== 'wait') visit.begin();
    // Progress and codes change the same screen many times.
    const text = JSON.stringify(shown);
    if (text !== logged) {
      visit.run(() => {
        log.info(shown, 'screen');
      });
    }
    logged = text;
    if (view.screen === 'wait') visit.end();
  };
}
