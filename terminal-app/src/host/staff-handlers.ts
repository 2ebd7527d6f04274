import type { HostCall } from '../ipc/map.ts';
import type { HostHandlers } from '../ipc/router.ts';
import type { ReceiptDesk } from './printer/receipt-desk.ts';
import type { StaffDesk } from './staff-desk.ts';

type StaffCall = Extract<HostCall, `staff.${string}`>;

/** The map's calls of staff mode. */
export function staffHandlers(
  staff: StaffDesk,
  receipts: Pick<ReceiptDesk, 'printSlip'>,
): Pick<HostHandlers, StaffCall> {
  return {
    'staff.view': () => staff.view,
    'staff.enter': (entry) => staff.enter(entry),
    'staff.pin': ({ pin }) => staff.pin(pin),
    'staff.aside': () => {
      staff.aside();
      return null;
    },
    'staff.touch': () => {
      staff.touch();
      return null;
    },
    'staff.leave': () => {
      staff.leave();
      return null;
    },
    'staff.orders': (query) => staff.orders(query),
    'staff.card-orders': () => staff.cardOrders(),
    'staff.order': ({ orderNo }) => staff.order(orderNo),
    'staff.expect': ({ orderNo }) => {
      staff.expect(orderNo);
      return null;
    },
    'staff.takings': () => staff.takings(),
    'staff.waiting': () => staff.waiting(),
    'staff.hand-out': (request) => staff.handOut(request),
    'staff.close': (request) => staff.close(request),
    'staff.print-slip': ({ language }) =>
      staff.closed !== undefined && receipts.printSlip(staff.closed, language),
    'staff.diagnostics': () => staff.diagnostics(),
    'staff.report': () => staff.report(),
  };
}
