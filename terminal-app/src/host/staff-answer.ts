import { codeOf } from '@bianmin/card/errors';
import { ApiError } from '@bianmin/purchase/api/client-error';
import { minutesToWait } from '@bianmin/purchase/purchase/minutes';
import type { StaffAnswer, StaffFault } from '../ipc/staff.ts';

/** What each code of the server means to staff. */
const FAULTS: Readonly<Record<string, StaffFault>> = {
  'server.unavailable': 'away',
  'float.bad-pin': 'bad-pin',
  'request.rate-limited': 'locked',
  'auth.forbidden': 'not-allowed',
  'staff.session-over': 'ended',
  'staff.pin-needed': 'pin-needed',
  'shift.none': 'no-shift',
  'float.none': 'no-float',
  'order.not-found': 'not-found',
  'refund.not-found': 'not-found',
  'refund.no-cash-owed': 'nothing-owed',
  'refund.slip-used': 'slip-used',
};

/** What the server says, or why it says nothing, as staff are told; `onFault` hears what nobody expected. */
export async function staffAnswer<T>(
  ask: () => Promise<T>,
  onFault: (error: unknown) => void,
): Promise<StaffAnswer<T>> {
  try {
    return { ok: true, value: await ask() };
  } catch (error) {
    const fault = FAULTS[codeOf(error) ?? ''] ?? 'failed';
    if (fault === 'failed') onFault(error);
    const waitMs = error instanceof ApiError ? error.retryAfterMs : undefined;
    if (fault !== 'locked' || waitMs === undefined) return { ok: false, fault };
    return { ok: false, fault, waitMinutes: minutesToWait(waitMs) };
  }
}
