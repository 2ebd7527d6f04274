import type { HostCall } from '../ipc/map.ts';
import type { HostHandlers } from '../ipc/router.ts';
import type { StaffDesk } from './staff-desk.ts';

type StaffCall = Extract<HostCall, `staff.${string}`>;

/** The map's calls of staff mode. */
export function staffHandlers(staff: StaffDesk): Pick<HostHandlers, StaffCall> {
  return {
    'staff.view': () => staff.view,
    'staff.enter': (entry) => staff.enter(entry),
    'staff.leave': () => {
      staff.leave();
      return null;
    },
    'staff.orders': (query) => staff.orders(query),
    'staff.order': ({ orderNo }) => staff.order(orderNo),
    'staff.expect': ({ orderNo }) => {
      staff.expect(orderNo);
      return null;
    },
    'staff.takings': () => staff.takings(),
    'staff.waiting': () => staff.waiting(),
    'staff.hand-out': (request) => staff.handOut(request),
    'staff.diagnostics': () => staff.diagnostics(),
    'staff.report': () => staff.report(),
  };
}
