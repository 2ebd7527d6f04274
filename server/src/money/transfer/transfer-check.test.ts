import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { Cases } from '../../cases/cases.ts';
import { startOfDay } from '../../kernel/china-time.ts';
import { needsTwoPersons } from '../../orders/model/case-sink.ts';
import { MemoryCaseStore } from '../../testing/memory-cases.ts';
import { comparedDay } from '../../testing/compared-day.ts';
import type { ReconciledDay } from '../reconcile/day-store.ts';
import { TransferCheck } from './transfer-check.ts';
import type { GridTransfer } from './transfer.ts';

const GRID = 'collection-v1';
const BORIS = { id: 'boris', name: 'boris' };

let history: GridTransfer[];
let days: ReconciledDay[];
let cases: MemoryCaseStore;
let check: TransferCheck;
let asked: number;
const clock = new ManualClock();
const paid = (over: Partial<GridTransfer> = {}): GridTransfer => ({
  ...{ _id: 'transfer-1', grid: GRID, n: 1, kind: 'paid', from: '2026-03-01', to: '2026-03-02', fen: 3000 },
  ...{ owedFen: 3000, reference: 'BANK-1', paidOn: '2026-03-04', by: 'boris', at: new Date(clock.now()) },
  ...over,
});
const comesTo = (...owed: readonly number[]): void => {
  days = owed.map((fen, at) => comparedDay(`2026-03-0${at + 1}`, fen));
};
const openCases = () => [...cases.cases.values()].filter(({ status }) => status === 'open');

beforeEach(() => {
  clock.jump(startOfDay('2026-03-05').getTime() - clock.now());
  history = [paid()];
  asked = 0;
  comesTo(1000, 2000);
  cases = new MemoryCaseStore();
  check = new TransferCheck({
    ...{ grid: GRID, clock, cases: new Cases({ store: cases, clock }) },
    store: {
      history: () => Promise.resolve(history),
      check: (id, checked) => {
        history = history.map((each) => (each._id === id ? { ...each, checked } : each));
        return Promise.resolve();
      },
    },
    days: {
      list: (from, to) => {
        asked += 1;
        return Promise.resolve(days.filter(({ _id }) => from <= _id && _id <= to));
      },
    },
  });
});

describe('a transfer beside the days that it pays', () => {
  it('is no case where it is what they come to', async () => {
    expect([await check.round(), openCases(), history]).toEqual([0, [], [paid()]]);
  });

  it('is one case for two persons where it differs, however often that is found', async () => {
    history = [paid({ fen: 2500 })];
    expect([await check.round(), await check.round()]).toEqual([1, 1]);
    const [found] = openCases();
    expect(openCases()).toHaveLength(1);
    expect(found).toMatchObject({
      kind: 'TRANSFER_DIFF',
      facts: {
        ...{ day: '2026-03-02', firstDay: '2026-03-01', transferredFen: 2500, ledgerFen: 3000 },
        ...{ differenceFen: -500, reference: 'BANK-1' },
      },
    });
    expect(needsTwoPersons('TRANSFER_DIFF')).toBe(true);
  });

  it('stays settled as two persons settled it', async () => {
    history = [paid({ fen: 2500 })];
    await check.round();
    const own = new Cases({ store: cases, clock });
    await own.resolve(openCases()[0]?._id ?? '', BORIS, 'The grid waived it.', { twoPersons: true });
    await check.round();
    expect(openCases()).toEqual([]);
  });

  it('is looked at again when a day was compared anew, and ends by itself where it fits again', async () => {
    comesTo(1000, 2300);
    expect(await check.round()).toBe(1);
    expect(history[0]?.checked).toMatchObject({ owedFen: 3300 });
    expect(openCases()[0]?.facts).toMatchObject({ differenceFen: -300 });
    comesTo(1000, 1900);
    expect(await check.round()).toBe(1);
    expect(openCases().map(({ facts }) => facts['differenceFen'])).toEqual([100]);
    comesTo(1000, 2000);
    expect([await check.round(), openCases()]).toEqual([0, []]);
    comesTo(1000, 1900);
    expect(await check.round()).toBe(1);
    expect(openCases().map(({ facts, reopened }) => [facts['differenceFen'], reopened])).toEqual([[100, 1]]);
  });

  it('says nothing new while a day is being compared', async () => {
    comesTo(1000, 2300);
    for (const over of [{ state: 'running' }, { stale: true }] as const) {
      days = days.map((day) => ({ ...day, ...over }));
      expect([await check.round(), openCases()]).toEqual([0, []]);
    }
  });

  it('is nothing any more once it was undone', async () => {
    history = [paid({ fen: 2500 })];
    await check.round();
    history = [...history, paid({ _id: 'transfer-1-undone', n: 2, kind: 'undone', undoes: 'transfer-1' })];
    expect([await check.round(), openCases()]).toEqual([0, []]);
  });

  it('is looked at for a quarter from its booking on, however old its days are', async () => {
    clock.jump(200 * 86_400_000);
    history = [paid({ at: new Date(clock.now()) })];
    comesTo(1000, 2300);
    expect([await check.round(), openCases()[0]?.facts]).toMatchObject([1, { differenceFen: -300 }]);
    clock.jump(93 * 86_400_000);
    comesTo(1000, 2400);
    expect([await check.round(), openCases()[0]?.facts]).toMatchObject([1, { differenceFen: -400 }]);
    clock.jump(86_400_000);
    comesTo(1000, 2500);
    expect([await check.round(), openCases()[0]?.facts]).toMatchObject([1, { differenceFen: -400 }]);
  });

  it('is left after a quarter as it was known then, and its case stays', async () => {
    history = [paid({ fen: 2500, checked: { at: new Date(0), owedFen: 2600 } })];
    clock.jump(100 * 86_400_000);
    expect([await check.round(), asked]).toEqual([1, 0]);
    expect(openCases()[0]?.facts).toMatchObject({ differenceFen: -100 });
  });
});
