import type { ClosedShift, OpenShift, ShiftSums } from '@bianmin/purchase/api/shift';
import { drawerFen, type CountedShift, type Shift } from './shift.ts';

/** A shift as its clerk and finance see it. */
export function openShiftView(shift: Shift): OpenShift {
  return { id: shift.id, openedAt: shift.openedAt.toISOString(), ...sumsOf(shift) };
}

export function closedShiftView(shift: CountedShift): ClosedShift {
  const { number, committee, terminalId, closedAt, counted, countedFen, differenceFen, leftFen } = shift;
  return {
    ...openShiftView(shift),
    ...{ staff: number, committee, terminalId, closedAt: closedAt.toISOString() },
    counted: counted.map(({ fen, pieces }) => ({ fen, pieces })),
    ...{ countedFen, differenceFen, leftFen, handedInFen: countedFen - leftFen },
  };
}

function sumsOf(shift: Shift): ShiftSums {
  const { openingFen, takenFen, times, backFen, backTimes } = shift;
  return { openingFen, takenFen, times, backFen, backTimes, drawerFen: drawerFen(shift) };
}
