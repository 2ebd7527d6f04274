import { describe, expect, it } from 'vitest';
import {
  faultsOf,
  roomOf,
  stateOf,
  usedFenOf,
  withHold,
  within,
  type ConsentHold,
  type LookedAt,
} from './consent.ts';

const NOW = new Date('2026-03-10T04:00:00Z');
const BOUNDS = { perPurchaseFen: 20_000, perMonthFen: 40_000 };
const TERMS = { form: 'TS-1', perPurchaseFen: 10_000, perMonthFen: 20_000, endsOn: '2026-12-31' };

const hold = (over: Partial<ConsentHold> = {}): ConsentHold => ({
  ...{ terminalId: 't1', key: 'k1', month: '2026-03', fen: 5_000, at: NOW },
  ...over,
});
const looked = (over: Partial<ConsentHold> = {}, counts = true): LookedAt => ({ hold: hold(over), counts });

describe('what a household may consent to', () => {
  const faults = (over: object): string[] =>
    faultsOf({ ...TERMS, ...over }, { bounds: BOUNDS, customerNo: '650100000001', now: NOW }).map(
      ({ pointer }) => pointer,
    );

  it.each([
    ['what is usual', {}, []],
    ['as much as is allowed', { ...BOUNDS }, []],
    [
      'a fen more for one purchase',
      { perPurchaseFen: 20_001, perMonthFen: 40_000 },
      ['/body/perPurchaseFen'],
    ],
    ['a fen more in a month', { perMonthFen: 40_001 }, ['/body/perMonthFen']],
    ['less in a month than in one purchase', { perMonthFen: 9_999 }, ['/body/perMonthFen']],
    ['today alone', { endsOn: '2026-03-10' }, []],
    ['no day', { endsOn: '2026-03-09' }, ['/body/endsOn']],
    ['a year', { endsOn: '2027-03-10' }, []],
    ['a year and a day', { endsOn: '2027-03-11' }, ['/body/endsOn']],
    ['a form with its number in it', { form: 'X-650100000001' }, ['/body/form']],
  ])('%s', (_, over, expected) => {
    expect(faults(over)).toEqual(expected);
  });

  it('goes by the day in Beijing', () => {
    const late = new Date('2026-03-09T16:00:00Z');
    const at = (now: Date) =>
      faultsOf({ ...TERMS, endsOn: '2026-03-09' }, { bounds: BOUNDS, customerNo: 'x', now });
    expect([at(new Date(late.getTime() - 1)).length, at(late).length]).toEqual([0, 1]);
  });
});

describe('a consent', () => {
  it('is good to the last moment of its last day in Beijing', () => {
    const expiresAt = new Date('2026-12-31T16:00:00Z');
    expect(stateOf({ expiresAt }, new Date(expiresAt.getTime() - 1))).toBe('live');
    expect(stateOf({ expiresAt }, expiresAt)).toBe('over');
    expect(stateOf({ expiresAt, ended: 'revoked' }, NOW)).toBe('revoked');
  });

  it('gives no more than the bounds of now, and no more than what is left of the month', () => {
    expect(within(TERMS, { perPurchaseFen: 8_000, perMonthFen: 40_000 })).toEqual({
      ...{ perPurchaseFen: 8_000, perMonthFen: 20_000 },
    });
    expect([0, 10_000, 10_001, 20_000, 25_000].map((used) => roomOf(TERMS, used))).toEqual([
      ...[10_000, 10_000, 9_999, 0, 0],
    ]);
  });
});

describe('what a month has used', () => {
  it('is what counts of that month alone', () => {
    const all = [looked(), looked({ key: 'k2', fen: 300 }, false), looked({ key: 'k3', month: '2026-02' })];
    expect(usedFenOf(all, '2026-03')).toBe(5_000);
  });

  it('takes each key once, by its largest sum', () => {
    expect(withHold([looked()], hold({ fen: 4_000 }))).toEqual({ holds: [hold()], usedFen: 5_000 });
    expect(withHold([looked()], hold({ fen: 6_000 })).usedFen).toBe(6_000);
    expect(withHold([looked()], hold({ key: 'k2' })).usedFen).toBe(10_000);
    expect(withHold([looked()], hold({ terminalId: 't2' })).usedFen).toBe(10_000);
  });

  it('begins anew in a new month and keeps the one before, where another clock may still be', () => {
    const all = [looked({ month: '2025-12' }), looked({ key: 'k2', month: '2026-01' })];
    const next = hold({ key: 'k3', month: '2026-02' });
    const { holds, usedFen } = withHold(all, next);
    expect([usedFen, holds.map(({ key }) => key)]).toEqual([5_000, ['k2', 'k3']]);
    const january = hold({ key: 'k4', month: '2026-01' });
    expect(withHold([looked({ month: '2026-02' })], january).holds.map(({ key }) => key)).toEqual([
      'k1',
      'k4',
    ]);
    expect(withHold([looked({ month: '2025-12' })], january).holds).toHaveLength(2);
  });

  it('forgets what came to nothing a day later, and not before', () => {
    const ago = (ms: number) => looked({ at: new Date(NOW.getTime() - ms) }, false);
    const left = (ms: number) => withHold([ago(ms)], hold({ key: 'k2' })).holds.length;
    expect([left(86_399_999), left(86_400_000)]).toEqual([2, 1]);
    expect(withHold([looked({ at: new Date(0) })], hold({ key: 'k2' })).holds).toHaveLength(2);
  });
});
