import { describe, expect, it } from 'vitest';
import { codeOf } from '../errors.ts';
import type { WritePlan } from './plan.ts';
import { WriteOrder } from './write-order.ts';

const PURSE = { zone: 'main', offset: 4, length: 4 };
/** A write of so many bytes. */
const write = (offset: number, length: number, zone = 'main') =>
  ({ op: 'write', zone, offset, data: '00'.repeat(length) }) as const;
const MONEY = write(4, 2);
const COUNT = write(6, 2);
const FILE = write(8, 4);
const LOW = write(0, 4);
const ELSEWHERE = write(4, 4, 'other');

type Steps = WritePlan['steps'];
const planOf = (steps: Steps, over: Partial<WritePlan> = {}): WritePlan => ({
  ...{ version: 1, kind: 'purchase', orderNo: '1', chip: 'SLE4442', serial: '', stage: 0, ranges: [] },
  steps,
  ...over,
});

function refusal(steps: Steps, kind: WritePlan['kind'] = 'purchase'): string | undefined {
  try {
    new WriteOrder(PURSE).stage(planOf(steps, { kind }));
    return undefined;
  } catch (error) {
    return codeOf(error);
  }
}

describe('the order of a plan’s writes', () => {
  it.each<[string, Steps]>([
    ['the purse alone', [MONEY, COUNT]],
    ['the purse last', [FILE, LOW, ELSEWHERE, MONEY, COUNT]],
    ['no purse', [FILE, LOW]],
    ['nothing', []],
  ])('is one that a torn card survives: %s', (_, steps) => {
    expect(refusal(steps)).toBeUndefined();
    expect(refusal(steps, 'replacement')).toBeUndefined();
  });

  it.each<[string, Steps]>([
    ['a file after the purse', [MONEY, COUNT, FILE]],
    ['a file within it', [MONEY, FILE, COUNT]],
    ['the same place of another zone after it', [COUNT, ELSEWHERE]],
    ['the purse with a byte behind it', [write(4, 5)]],
    ['the purse with a byte before it', [write(3, 5)]],
  ])('is refused: %s', (_, steps) => {
    expect(refusal(steps)).toBe('meter-card.plan-refused');
    expect(refusal(steps, 'replacement')).toBe('meter-card.plan-refused');
  });

  it('begins with the purse where a sale is taken off', () => {
    expect(refusal([COUNT, MONEY, FILE], 'undo')).toBeUndefined();
    expect(refusal([FILE, COUNT], 'undo')).toBe('meter-card.plan-refused');
    expect(refusal([COUNT, FILE, MONEY], 'undo')).toBe('meter-card.plan-refused');
  });

  it('goes on from stage to stage, with what the commands of a CPU card leave', () => {
    const order = new WriteOrder(PURSE);
    const { zone, offset, data } = MONEY;
    const step = { op: 'apdu', label: 'update', apdu: '00', after: { zone, offset, data } } as const;
    const plan = planOf([step]);
    expect(order.stage(plan)).toBe(plan);
    expect(() => order.stage(planOf([FILE], { stage: 1 }))).toThrow(/a pulled card would not survive/);
  });
});
