import { describe, expect, it } from 'vitest';
import { settled } from '@bianmin/card/testing/manual-clock';
import type { WaitingCash } from '@bianmin/purchase/api/hand-out';
import type { HandOutAnswer, StaffAnswer, StaffHandOut } from '../../ipc/staff.ts';
import { useHandOuts } from './hand-outs.ts';

function cashOf(n: number): WaitingCash {
  const orderNo = `26112709300000000${n}`;
  return {
    ...{ refundNo: `${orderNo}p1r3`, orderNo, receiptCode: 'R7K2-9QXD-3M5P-8TWV', fen: 5000 },
    household: { name: '张*', address: '天山区**小区3号楼', customerNo: '****1234' },
    ...{ reason: 'not-sold', since: '2026-11-27T01:30:00Z', here: true },
  };
}

/** Each hand-out waits until the test answers it. */
async function rig(...numbers: number[]) {
  let waiting = numbers.map(cashOf);
  const asked: StaffHandOut[] = [];
  const answers: ((answer: StaffAnswer<HandOutAnswer>) => void)[] = [];
  const list = useHandOuts({
    waiting: () =>
      Promise.resolve({
        ok: true,
        value: { waiting: { fen: 5000 * waiting.length, times: waiting.length }, refunds: waiting },
      }),
    handOut: (request) => {
      asked.push(request);
      return new Promise((resolve) => answers.push(resolve));
    },
  });
  await list.load();
  const answer = async (value: StaffAnswer<HandOutAnswer>): Promise<void> => {
    answers.shift()?.(value);
    await settled();
  };
  const gone = (): void => {
    waiting = waiting.slice(1);
  };
  return { list, asked, answer, gone };
}
const type = (list: ReturnType<typeof useHandOuts>, digits: string): void => {
  for (const digit of digits) list.press(digit);
};
const told = (is: HandOutAnswer['is'], slip: string): StaffAnswer<HandOutAnswer> => {
  const { refundNo, orderNo, fen } = cashOf(1);
  const handOut = {
    refundNo,
    orderNo,
    fen,
    slip,
    staff: '104817',
    terminalId: 't1',
    at: '2026-11-27T02:00:00Z',
  };
  return { ok: true, value: { is, handOut } };
};

describe('cash that staff hand out', () => {
  it('is written down after its slip and a question, once however often it is pressed', async () => {
    const { list, asked, answer, gone } = await rig(1, 2);
    await list.go();
    expect(list.step.value).toEqual({ is: 'typing' });
    type(list, '0001179');
    list.erase();
    await list.go();
    expect(list.step.value).toEqual({ is: 'asking' });
    expect(list.back()).toBe(true);
    expect(list.slip.value).toBe('000117');
    await list.go();
    void list.go();
    void list.go();
    list.select(1);
    expect(list.step.value).toEqual({ is: 'sending' });
    expect(asked).toEqual([{ refundNo: cashOf(1).refundNo, slip: '000117' }]);
    await answer(told('written', '000117'));
    expect(list.step.value).toMatchObject({ is: 'told', answer: { is: 'written' } });
    gone();
    await list.go();
    expect([list.selected.value?.refundNo, list.slip.value, list.sum.value]).toEqual([
      cashOf(2).refundNo,
      '',
      { fen: 5000, times: 1 },
    ]);
  });

  it('stays with its slip while it is not known whether it is written down', async () => {
    const { list, asked, answer } = await rig(1, 2);
    type(list, '000117');
    await list.go();
    void list.go();
    await answer({ ok: false, fault: 'away' });
    expect([list.unknown.value, list.fault.value, list.step.value]).toEqual([true, 'away', { is: 'asking' }]);
    list.select(1);
    type(list, '9');
    list.erase();
    expect([list.back(), list.index.value, list.slip.value]).toEqual([true, 0, '000117']);
    void list.go();
    await answer(told('written', '000117'));
    expect(asked.map(({ slip }) => slip)).toEqual(['000117', '000117']);
    expect(list.unknown.value).toBe(false);
    list.select(1);
    expect(list.index.value).toBe(1);
  });

  it('that another clerk handed out says so, and a used slip is typed anew', async () => {
    const { list, answer } = await rig(1);
    type(list, '000117');
    await list.go();
    void list.go();
    await answer({ ok: false, fault: 'slip-used' });
    expect([list.step.value, list.fault.value, list.unknown.value]).toEqual([
      { is: 'typing' },
      'slip-used',
      false,
    ]);
    list.erase();
    type(list, '8');
    expect([list.slip.value, list.fault.value]).toEqual(['000118', null]);
    await list.go();
    void list.go();
    await answer(told('before', '000116'));
    expect(list.step.value).toMatchObject({ answer: { is: 'before', handOut: { slip: '000116' } } });
    expect(list.back()).toBe(false);
  });
});
