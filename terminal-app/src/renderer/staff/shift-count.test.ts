import { describe, expect, it } from 'vitest';
import { settled } from '@bianmin/card/testing/manual-clock';
import type { ClosedShift, OpenShift } from '@bianmin/purchase/api/shift';
import type { StaffAnswer, StaffClose } from '../../ipc/staff.ts';
import { LEFT_ROW, useShiftCount } from './shift-count.ts';

const SHIFT: OpenShift = {
  ...{ id: '3f0f5f5e-8f43-4f9e-9d5e-0d1f6c1b2a3d', openedAt: '2026-11-27T01:00:00Z' },
  ...{ openingFen: 5_000, takenFen: 50_000, times: 10, backFen: 5_000, backTimes: 1, drawerFen: 50_000 },
};
const CLOSED = { ...SHIFT, differenceFen: 0 } as ClosedShift;

/** Each end of a shift waits until the test answers it. */
function rig() {
  const asked: StaffClose[] = [];
  const answers: ((answer: StaffAnswer<ClosedShift>) => void)[] = [];
  const count = useShiftCount((request) => {
    asked.push(request);
    return new Promise((resolve) => answers.push(resolve));
  });
  count.own('zhang');
  count.begin(SHIFT);
  const answer = async (value: StaffAnswer<ClosedShift>): Promise<void> => {
    answers.shift()?.(value);
    await settled();
  };
  const type = (row: number, digits: string): void => {
    count.select(row);
    for (const digit of digits) count.press(digit);
  };
  return { count, asked, answer, type };
}

describe('a drawer that is counted', () => {
  it('has a sum, what is missing or too much, and what is handed in, before it is sent', () => {
    const { count, type } = rig();
    expect([count.countedFen.value, count.differenceFen.value]).toEqual([0, -50_000]);
    type(0, '04');
    type(1, '2');
    type(7, '3');
    expect(count.counted.value).toEqual([
      { fen: 10_000, pieces: 4 },
      { fen: 5_000, pieces: 2 },
      { fen: 10, pieces: 3 },
    ]);
    expect([count.countedFen.value, count.differenceFen.value]).toEqual([50_030, 30]);
    count.erase();
    expect(count.differenceFen.value).toBe(0);
    type(LEFT_ROW, '100');
    expect(count.leftFen.value).toBe(10_000);
  });

  it('leaves no more in the drawer than was counted, and takes no more than four digits of pieces', async () => {
    const { count, type, asked } = rig();
    type(0, '123456');
    expect(count.counted.value).toEqual([{ fen: 10_000, pieces: 1234 }]);
    type(LEFT_ROW, '123401');
    await count.go();
    expect([count.tooMuchLeft.value, count.step.value, asked]).toEqual([true, { is: 'counting' }, []]);
    count.erase();
    await count.go();
    expect(count.step.value).toEqual({ is: 'asking' });
    // What is asked about is not changed.
    type(0, '9');
    count.erase();
    expect(count.counted.value).toEqual([{ fen: 10_000, pieces: 1234 }]);
    count.back();
    expect(count.step.value).toEqual({ is: 'counting' });
  });

  it('is sent once however often it is pressed, and then the shift is over', async () => {
    const { count, type, asked, answer } = rig();
    type(0, '5');
    await count.go();
    void count.go();
    void count.go();
    count.back();
    expect(count.step.value).toEqual({ is: 'sending' });
    expect(asked).toEqual([{ shift: SHIFT.id, counted: [{ fen: 10_000, pieces: 5 }], leftFen: 0 }]);
    await answer({ ok: true, value: CLOSED });
    expect(count.step.value).toEqual({ is: 'told', closed: CLOSED });
    count.own('zhang');
    expect([count.isOpen.value, count.countedFen.value]).toEqual([false, 0]);
  });

  it('stays with its count while nobody knows whether the shift is over, whatever else is asked meanwhile', async () => {
    const { count, type, asked, answer } = rig();
    type(0, '5');
    await count.go();
    void count.go();
    await answer({ ok: false, fault: 'away' });
    expect([count.unknown.value, count.step.value]).toEqual([true, { is: 'asking' }]);
    count.back();
    count.begin({ ...SHIFT, id: '11111111-1111-4111-8111-111111111111' });
    type(0, '9');
    void count.go();
    await answer({ ok: false, fault: 'pin-needed' });
    expect([count.unknown.value, count.fault.value]).toEqual([true, 'pin-needed']);
    count.own('zhang');
    void count.go();
    await answer({ ok: true, value: CLOSED });
    expect(asked).toEqual([asked[0], asked[0], asked[0]]);
    expect([count.unknown.value, count.step.value.is]).toEqual([false, 'told']);
  });

  it('that was refused is counted again, and another person finds none of it', async () => {
    const { count, type, answer } = rig();
    type(0, '5');
    await count.go();
    void count.go();
    await answer({ ok: false, fault: 'not-allowed' });
    expect([count.unknown.value, count.fault.value]).toEqual([false, 'not-allowed']);
    count.back();
    count.begin({ ...SHIFT, drawerFen: 60_000 });
    expect([count.countedFen.value, count.differenceFen.value]).toEqual([50_000, -10_000]);
    count.own('li');
    expect([count.isOpen.value, count.countedFen.value]).toEqual([false, 0]);
  });

  it('is put away before its first step, and begins anew with another shift', () => {
    const { count, type } = rig();
    type(0, '5');
    count.begin({ ...SHIFT, id: '11111111-1111-4111-8111-111111111111' });
    expect(count.countedFen.value).toBe(0);
    count.back();
    expect(count.isOpen.value).toBe(false);
  });
});
