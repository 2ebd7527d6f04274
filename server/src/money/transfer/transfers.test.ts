import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayPlus, daysBetween } from '../../kernel/china-time.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { comparedDay } from '../../testing/compared-day.ts';
import { codeOf } from '../../testing/problem-code.ts';
import { FIRST, GRID, TODAY, TransferTown } from '../../testing/transfer-town.ts';
import { standing } from './transfer.ts';

const wrongs = async (work: Promise<void>): Promise<void> => {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
  }
};

describe('transfers to the grid', () => {
  it('pay the oldest days first, and say what these come to', async () => {
    const town = new TransferTown();
    await town.ask(FIRST, '2026-03-03');
    expect(town.pending[0]?.content).toMatchObject({ fen: 5000, owedFen: 306, differenceFen: 4694 });
    await town.allow();
    expect(town.history).toMatchObject([{ n: 1, kind: 'paid', from: FIRST, to: '2026-03-03', owedFen: 306 }]);
    expect(Object.fromEntries(await town.ledger.turnover())).toEqual({
      [`grid:${GRID}:transferred`]: 5000,
      'bank:grid': -5000,
    });
    for (const [from, to] of [
      ['2026-03-03', '2026-03-04'],
      ['2026-03-05', '2026-03-06'],
      [FIRST, FIRST],
    ] as const) {
      expect(await codeOf(town.ask(from, to))).toBe('transfer.not-next');
    }
    expect(await codeOf(town.ask('2026-03-04', '2026-03-04'))).toBe('none');
  });

  it('go over days that owe nothing to the next that does, however many these are', async () => {
    const town = new TransferTown();
    town.clock.jump(365 * 86_400_000);
    const to = '2027-03-01';
    for (const day of daysBetween(FIRST, to)) town.days.set(day, comparedDay(day, 0));
    town.days.set(to, comparedDay(to, 700));
    await town.ask(FIRST, to, 700);
    expect(town.pending[0]?.content).toMatchObject({ owedFen: 700, differenceFen: 0 });
    expect(Math.max(...town.read)).toBe(93);
    await town.allow();
    expect(town.history).toMatchObject([{ from: FIRST, to, owedFen: 700 }]);
    town.days.delete('2026-12-31');
    await town.askUndo(town.history[0]?._id ?? '');
    await town.allow();
    expect(await codeOf(town.ask(FIRST, to, 700))).toBe('transfer.days-open');
  });

  it('begin with any day where none was paid yet, but not before the books', async () => {
    const town = new TransferTown();
    expect(await codeOf(town.ask('2026-02-28', FIRST))).toBe('transfer.not-next');
    await town.ask('2026-03-05', '2026-03-06');
    await town.allow();
    expect(await codeOf(town.ask(FIRST, '2026-03-04'))).toBe('transfer.not-next');
  });

  it('wait for days that were not compared, are to be compared again, or are not over', async () => {
    const town = new TransferTown();
    expect(await codeOf(town.ask(FIRST, TODAY))).toBe('transfer.days-open');
    for (const over of [{ stale: true }, { state: 'waiting' }, { state: 'failed' }] as const) {
      town.days.set('2026-03-02', comparedDay('2026-03-02', 5, over));
      expect(await codeOf(town.ask(FIRST, '2026-03-03'))).toBe('transfer.days-open');
    }
    town.days.delete('2026-03-02');
    expect(await codeOf(town.ask(FIRST, '2026-03-03'))).toBe('transfer.days-open');
    expect(await codeOf(town.ask(FIRST, FIRST))).toBe('none');
  });

  it('are not offered where the grid takes its sales from our deposit', async () => {
    expect(await codeOf(new TransferTown({ offered: false }).ask(FIRST, FIRST))).toBe('transfer.not-offered');
  });

  it('are undone from the newest on, once', async () => {
    const town = new TransferTown();
    for (const day of [FIRST, '2026-03-02']) {
      await town.ask(day, day);
      await town.allow();
    }
    const [older = '', newer = ''] = town.history.map(({ _id }) => _id);
    expect(await codeOf(town.askUndo(older))).toBe('transfer.not-next');
    await town.askUndo(newer);
    await town.allow();
    await town.allow();
    expect(town.history).toHaveLength(3);
    expect(await codeOf(town.askUndo(newer))).toBe('request.not-found');
    expect(await codeOf(town.askUndo(older))).toBe('none');
    expect((await town.ledger.turnover()).get('bank:grid')).toBe(-5000);
    await town.ask('2026-03-02', '2026-03-04');
    await town.allow();
    expect(standing(town.history).map(({ from }) => from)).toEqual([FIRST, '2026-03-02']);
  });

  it('begin where the first did once all were undone', async () => {
    const town = new TransferTown();
    await town.ask('2026-03-05', '2026-03-06');
    await town.allow();
    await town.askUndo(town.history[0]?._id ?? '');
    await town.allow();
    expect(await codeOf(town.ask('2026-03-07', '2026-03-07'))).toBe('transfer.not-next');
    expect(await codeOf(town.ask('2026-03-05', '2026-03-05'))).toBe('none');
  });

  it('of before references were claimed are not entered under the same one, until they are undone', async () => {
    const town = new TransferTown();
    await town.ask(FIRST, FIRST, 5000, 'BANK-1');
    await town.ask(FIRST, FIRST, 5000, 'bank - 1');
    await town.allow(1);
    expect(await codeOf(town.ask('2026-03-02', '2026-03-02', 5000, 'ｂａｎｋ－１'))).toBe(
      'transfer.reference-used',
    );
    await town.askUndo(town.history[0]?._id ?? '');
    await town.allow();
    expect(await codeOf(town.ask(FIRST, FIRST, 5000, 'BANK-1'))).toBe('none');
    await town.allow();
    await town.ask('2026-03-02', '2026-03-02', 5000, 'BANK-2');
    const late = town.pending.at(-1);
    if (late !== undefined) late.content = { ...late.content, reference: 'bank-1' };
    expect(await codeOf(town.allow())).toBe('transfer.reference-used');
  });

  it('of two that are allowed at once for the same day only one is booked', async () => {
    const town = new TransferTown();
    await town.ask(FIRST, FIRST, 111);
    await town.ask(FIRST, '2026-03-02', 222);
    let met = false;
    town.meanwhile = async () => {
      if (met) return;
      met = true;
      await town.allow(1);
    };
    expect(await codeOf(town.allow())).toBe('transfer.not-next');
    expect(standing(town.history).map(({ fen }) => fen)).toEqual([111]);
    expect((await town.ledger.turnover()).get('bank:grid')).toBe(-111);
  });

  it('pay no day twice and leave none out, in whatever order they are asked for, allowed and undone', async () => {
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          ...{ what: fc.constant('ask' as const), from: fc.nat(12), days: fc.nat(3) },
          fen: fc.integer({ min: 1, max: 1_000_000 }),
        }),
      },
      { weight: 1, arbitrary: fc.record({ what: fc.constant('undo' as const), at: fc.nat(2) }) },
      { weight: 4, arbitrary: fc.record({ what: fc.constant('allow' as const), at: fc.nat(2) }) },
    );
    let booked = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const town = new TransferTown();
        for (const each of steps) {
          if (each.what === 'ask') {
            const next = (await town.transfers.next(town.history)) ?? FIRST;
            // Mostly what may be asked.
            const from = each.from > 8 ? dayPlus(FIRST, each.from) : next;
            await wrongs(town.ask(from, dayPlus(from, each.days), each.fen));
          } else if (each.what === 'undo') {
            await wrongs(town.askUndo(town.history.at(-1 - each.at)?._id ?? 'transfer-none'));
          } else await wrongs(town.allow(each.at));
        }
        expect(town.history.map(({ n }) => n)).toEqual(town.history.map((_, at) => at + 1));
        const stand = standing(town.history);
        booked += stand.length;
        const paid = stand.flatMap(({ from, to }) => daysBetween(from, to));
        expect(paid).toEqual(paid.length === 0 ? [] : daysBetween(paid[0] ?? '', paid.at(-1) ?? ''));
        const sum = stand.reduce((total, { fen }) => total + fen, 0);
        expect((await town.ledger.turnover()).get(`grid:${GRID}:transferred`) ?? 0).toBe(sum);
      }),
    );
    expect(booked).toBeGreaterThan(15);
  });
});
