import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { caseIdOf } from '../../cases/case.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { comparedDay } from '../../testing/compared-day.ts';
import { codeOf } from '../../testing/problem-code.ts';
import { FIRST, GRID, TransferTown } from '../../testing/transfer-town.ts';
import { caseOfDifference } from './difference.ts';
import { paidDays } from './transfer.ts';

const BORIS = { id: 'boris', name: 'boris' };
const LAST = '2026-03-02';

/** The first two days, which owe 203 fen, were paid with less. */
async function shortTown(fen = 150): Promise<{ town: TransferTown; first: string }> {
  const town = new TransferTown();
  await town.ask(FIRST, LAST, fen);
  await town.allow();
  await town.check.round();
  return { town, first: town.history[0]?._id ?? '' };
}
const openCases = ({ caseStore }: TransferTown): unknown[] =>
  [...caseStore.cases.values()]
    .filter(({ status }) => status === 'open')
    .map(({ facts }) => facts['differenceFen']);

describe('the rest of a transfer that was too little', () => {
  it('is booked for the same days, and ends the case of what was missing at once', async () => {
    const { town, first } = await shortTown();
    expect(openCases(town)).toEqual([-53]);
    await town.askRest(first, 53);
    expect(town.pending.at(-1)).toMatchObject({
      kind: 'transfer.rest',
      content: { transfer: first, from: FIRST, to: LAST, fen: 53, owedFen: 53, differenceFen: 0 },
    });
    await town.allow();
    await town.allow();
    expect(openCases(town)).toEqual([]);
    expect(town.history).toHaveLength(2);
    expect(town.history[1]).toMatchObject({
      kind: 'rest',
      restOf: first,
      from: FIRST,
      to: LAST,
      owedFen: 53,
    });
    expect(Object.fromEntries(await town.ledger.turnover())).toEqual({
      [`grid:${GRID}:transferred`]: 203,
      'bank:grid': -203,
    });
    expect([await town.check.round(), openCases(town)]).toEqual([0, []]);
    expect(await codeOf(town.askRest(first, 1))).toBe('transfer.nothing-owed');
    expect(await codeOf(town.ask('2026-03-03', '2026-03-03'))).toBe('none');
  });

  it('may come in parts, and what is too much or too little of it is a case of the first transfer', async () => {
    const { town, first } = await shortTown();
    await town.askRest(first, 50);
    await town.allow();
    await town.check.round();
    expect(openCases(town)).toEqual([-3]);
    expect(town.caseStore.cases.get(caseIdOf(caseOfDifference({ _id: first }, -3)))?.facts).toMatchObject({
      ...{ firstDay: FIRST, day: LAST, transferredFen: 200, ledgerFen: 203, reference: 'BANK-1' },
    });
    await town.askRest(first, 10);
    expect(town.pending.at(-1)?.content).toMatchObject({ owedFen: 3, differenceFen: 7 });
    await town.allow();
    await town.check.round();
    expect(openCases(town)).toEqual([7]);
  });

  it('is of a transfer that stands and was too little', async () => {
    const { town, first } = await shortTown(203);
    expect(await codeOf(town.askRest(first, 5))).toBe('transfer.nothing-owed');
    expect(await codeOf(town.askRest('transfer-none', 5))).toBe('request.not-found');
    await town.askUndo(first);
    await town.allow();
    expect(await codeOf(town.askRest(first, 5))).toBe('request.not-found');
    expect(await codeOf(town.askRest(`${first}-undone`, 5))).toBe('request.not-found');
  });

  it('is of an older transfer as well, and of what its days came to later', async () => {
    const { town, first } = await shortTown(203);
    await town.ask('2026-03-03', '2026-03-03', 103);
    await town.allow();
    town.days.set(LAST, comparedDay(LAST, 152));
    await town.askRest(first, 50);
    town.days.set(LAST, comparedDay(LAST, 152, { stale: true }));
    expect(await codeOf(town.allow())).toBe('transfer.days-open');
    expect(await codeOf(town.askRest(first, 50))).toBe('transfer.days-open');
    town.days.set(LAST, comparedDay(LAST, 152));
    await town.allow(0);
    expect([await town.check.round(), openCases(town)]).toEqual([0, []]);
  });

  it('is none once two persons settled what was missing, also where that was asked for before', async () => {
    const { town, first } = await shortTown();
    await town.askRest(first, 53);
    const id = caseIdOf(caseOfDifference({ _id: first }, -53));
    await town.cases.resolve(id, BORIS, 'The grid waived it.', { twoPersons: true });
    const settled = await town.allow().catch((error: unknown) => error);
    expect(settled).toMatchObject({ code: 'transfer.nothing-owed' });
    expect((settled as Error).message).toContain('Two persons settled');
    expect(await codeOf(town.askRest(first, 53))).toBe('transfer.nothing-owed');
    expect(town.history).toHaveLength(1);
  });

  it('is no more for the second of two that are asked for the same', async () => {
    const { town, first } = await shortTown();
    await town.askRest(first, 53);
    await town.askRest(first, 53);
    let met = false;
    town.meanwhile = async () => {
      if (met) return;
      met = true;
      await town.allow(1);
    };
    expect(await codeOf(town.allow())).toBe('transfer.nothing-owed');
    expect((await town.ledger.turnover()).get('bank:grid')).toBe(-203);
  });

  it('has a bank reference of its own', async () => {
    const { town, first } = await shortTown();
    expect(await codeOf(town.askRest(first, 53, 'bank 1'))).toBe('none');
    expect(await codeOf(town.askRest(first, 53, 'bank-1'))).toBe('transfer.reference-used');
    await town.askRest(first, 20, 'BANK-R');
    await town.allow();
    expect(await codeOf(town.ask('2026-03-03', '2026-03-03', 103, 'bank-r'))).toBe('transfer.reference-used');
  });

  it('is undone before its transfer and the newest first, whatever was paid later', async () => {
    const { town, first } = await shortTown();
    for (const fen of [20, 33]) {
      await town.askRest(first, fen);
      await town.allow();
    }
    const [older = '', newer = ''] = town.history.slice(1).map(({ _id }) => _id);
    expect(await codeOf(town.askUndo(first))).toBe('transfer.not-next');
    expect(await codeOf(town.askUndo(older))).toBe('transfer.not-next');
    await town.ask('2026-03-03', '2026-03-03', 103);
    await town.allow();
    await town.askUndo(newer);
    await town.allow();
    await town.check.round();
    expect(openCases(town)).toEqual([-33]);
    expect(await codeOf(town.askUndo(newer))).toBe('request.not-found');
    await town.askUndo(older);
    await town.allow();
    await town.check.round();
    // The case of before is open again.
    expect(openCases(town)).toEqual([-53]);
    expect(await codeOf(town.askUndo(first))).toBe('transfer.not-next');
    expect((await town.ledger.turnover()).get('bank:grid')).toBe(-150 - 103);
  });

  it('keeps the account at what stands, and sends nothing for days that are paid, in whatever order it is done', async () => {
    const at = fc.nat(3);
    const step = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({ what: fc.constant('pay' as const), fen: fc.integer({ min: 1, max: 120 }) }),
      },
      {
        weight: 5,
        arbitrary: fc.record({
          what: fc.constant('rest' as const),
          at,
          fen: fc.integer({ min: 1, max: 60 }),
        }),
      },
      { weight: 2, arbitrary: fc.record({ what: fc.constantFrom('undo' as const, 'allow' as const), at }) },
      { weight: 2, arbitrary: fc.record({ what: fc.constantFrom('check' as const, 'settle' as const) }) },
    );
    let rests = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const town = new TransferTown();
        for (const each of steps) {
          const before = town.history.length;
          const missing = new Map(
            paidDays(town.history).map(({ transfer, fen }) => [transfer._id, transfer.owedFen - fen]),
          );
          await refusals(act(town, each));
          const added = town.history.at(before);
          if (added?.kind === 'rest') {
            rests += 1;
            expect(missing.get(added.restOf ?? '')).toBe(added.owedFen);
            expect(added.owedFen).toBeGreaterThan(0);
          }
        }
        const sum = paidDays(town.history).reduce((total, { fen }) => total + fen, 0);
        expect((await town.ledger.turnover()).get('bank:grid') ?? 0).toBe(0 - sum);
        for (const { restOf, _id, kind } of town.history) {
          if (kind === 'rest' && !town.history.some(({ undoes }) => undoes === _id)) {
            expect(paidDays(town.history).some(({ transfer }) => transfer._id === restOf)).toBe(true);
          }
        }
      }),
    );
    expect(rests).toBeGreaterThan(15);
  });
});

type Step =
  | { readonly what: 'pay'; readonly fen: number }
  | { readonly what: 'rest'; readonly at: number; readonly fen: number }
  | { readonly what: 'undo' | 'allow'; readonly at: number }
  | { readonly what: 'check' | 'settle' };

async function act(town: TransferTown, step: Step): Promise<void> {
  if (step.what === 'pay') {
    const next = (await town.transfers.next(town.history)) ?? FIRST;
    await town.ask(next, next, step.fen);
    await town.allow();
  } else if (step.what === 'rest') {
    const paid = paidDays(town.history);
    await town.askRest(paid.at(step.at % Math.max(paid.length, 1))?.transfer._id ?? 'none', step.fen);
    await town.allow();
  } else if (step.what === 'undo') {
    await town.askUndo(town.history.at(-1 - step.at)?._id ?? 'transfer-none');
    await town.allow();
  } else if (step.what === 'allow') await town.allow(step.at);
  else if (step.what === 'check') await town.check.round();
  else {
    for (const { _id, status } of town.caseStore.cases.values()) {
      if (status === 'open') await town.cases.resolve(_id, BORIS, 'Waived.', { twoPersons: true });
    }
  }
}

async function refusals(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
  }
}
