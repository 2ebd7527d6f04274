import type { User } from '../../access/store/users.ts';
import { noShift } from '../../money/float/shifts.ts';
import type { CounterSessions } from '../counter/sessions.ts';
import type { CounterTerminal } from '../counter/place.ts';

/**
 * Who has this ticket of a shift: somebody who may take cash at this terminal, and answers for a drawer there. Throws
 * `staff.session-over`, `staff.pin-needed`, `auth.forbidden`, and `shift.none` without a drawer.
 */
export async function clerkOf(
  sessions: Pick<CounterSessions, 'staffOf'>,
  terminal: CounterTerminal,
  ticket: string,
): Promise<User> {
  const { staff, shift } = await sessions.staffOf(terminal, ticket, 'cash');
  if (shift === null) throw noShift();
  return staff;
}
