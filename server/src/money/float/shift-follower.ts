import { caseIdOf } from '../../cases/case.ts';
import type { Cases } from '../../cases/cases.ts';
import type { CaseFacts } from '../../orders/model/case-sink.ts';
import { drawerFen, type CountedShift, type Shift } from './shift.ts';

const SHIFT_DIFFERENCE = 'shift-difference';
export const SHIFT_LEFT_OPEN = 'shift-left-open';

/** A shift is no order. */
const ABOUT = { orderNo: 'none' } as const;

/** What follows once a float's entries say that a shift was counted: a difference is a case, and one for its long stay is over. */
export class ShiftFollower {
  readonly #cases: Pick<Cases, 'openOnce' | 'end'>;

  constructor(cases: Pick<Cases, 'openOnce' | 'end'>) {
    this.#cases = cases;
  }

  /** Free to repeat, by anybody. */
  async follow(counted: CountedShift, float: string): Promise<void> {
    await this.differs(counted, float);
    await this.endOpen(counted);
  }

  /** A case where the drawer held too much or too little. Whoever calls it resolved has said why, and it stays so. */
  async differs(counted: CountedShift, float: string): Promise<'opened' | 'known' | 'none'> {
    const { differenceFen, countedFen } = counted;
    if (differenceFen === 0) return 'none';
    return this.#cases.openOnce({
      ...{ kind: SHIFT_DIFFERENCE, ...ABOUT, key: counted.id, orgPath: counted.orgPath },
      facts: { ...factsOf(counted, float), drawerFen: drawerFen(counted), countedFen, differenceFen },
    });
  }

  /** A case of a shift that should have been counted by now. */
  stays(shift: Shift, float: string): Promise<'opened' | 'known'> {
    return this.#cases.openOnce({
      ...{ kind: SHIFT_LEFT_OPEN, ...ABOUT, key: shift.id, orgPath: shift.orgPath },
      facts: factsOf(shift, float),
    });
  }

  /** Nothing where there is no such case, or it is over. */
  endOpen({ id, staff, number }: CountedShift): Promise<void> {
    const about = { kind: SHIFT_LEFT_OPEN, ...ABOUT, key: id } as const;
    return this.#cases.end(caseIdOf(about), { id: staff, name: number }, 'The drawer was counted.');
  }
}

function factsOf({ number, terminalId, openedAt }: Shift, float: string): CaseFacts {
  return { float, terminalId, staff: number, since: openedAt.toISOString() };
}
