import { describe, expect, it } from 'vitest';
import { asReleased, planStepSchema, rangeSchema, writePlanSchema, type WritePlan } from './plan.ts';

const plan: WritePlan = {
  version: 1,
  kind: 'purchase',
  orderNo: '261125010300000001',
  chip: 'SLE4442',
  serial: '00112233445566AA',
  stage: 0,
  ranges: [{ zone: 'main', offset: 0x50, length: 12 }],
  steps: [
    { op: 'present-code', code: 'FFFFFF' },
    { op: 'write', zone: 'main', offset: 0x50, data: '00' },
  ],
};
const many = <T>(count: number, each: T): T[] => Array.from({ length: count }, () => each);

describe('a plan', () => {
  it.each([
    ['as it is', {}],
    ['of a replacement', { kind: 'replacement' }],
    ['at its last stage', { stage: 7 }],
    [
      'with as many ranges and steps as may be',
      { ranges: many(16, plan.ranges[0]), steps: many(64, plan.steps[0]) },
    ],
    ['that goes on', { authorise: many(8, 'x'.repeat(32)) }],
    ['after a silence', { afterSilence: true }],
  ])('is one: %s', (_, change) => {
    expect(writePlanSchema.parse({ ...plan, ...change })).toEqual({ ...plan, ...change });
  });

  it.each([
    ['of another version', { version: 2 }],
    ['of another kind', { kind: 'gift' }],
    ['of a chip that is none', { chip: 'SLE0000' }],
    ['with a short serial', { serial: '00112233445566' }],
    ['with a long serial', { serial: '00112233445566AABB' }],
    ['before its first stage', { stage: -1 }],
    ['after its last', { stage: 8 }],
    ['between two', { stage: 0.5 }],
    ['with too many ranges', { ranges: many(17, plan.ranges[0]) }],
    ['with too many steps', { steps: many(65, plan.steps[0]) }],
    ['that goes on with nothing', { authorise: [] }],
    ['that goes on with too much', { authorise: many(9, 'x') }],
    ['that goes on with a long name', { authorise: ['x'.repeat(33)] }],
    ['with a silence that was none', { afterSilence: false }],
    ['with more than a plan has', { key: 'FFFFFF' }],
  ])('is none: %s', (_, change) => {
    expect(writePlanSchema.safeParse({ ...plan, ...change }).success).toBe(false);
  });
});

describe('a range', () => {
  const range = { zone: 'x'.repeat(16), offset: 0xffff, length: 0xffff };

  it.each([
    ['at its widest', {}],
    ['at the beginning', { offset: 0 }],
    ['of a byte', { length: 1 }],
  ])('is one: %s', (_, change) => {
    expect(rangeSchema.safeParse({ ...range, ...change }).success).toBe(true);
  });

  it.each([
    ['of a zone with a long name', { zone: 'x'.repeat(17) }],
    ['before the beginning', { offset: -1 }],
    ['beyond the end', { offset: 0x10000 }],
    ['of half a byte', { length: 0.5 }],
    ['of nothing', { length: 0 }],
    ['too long', { length: 0x10000 }],
    ['with more than a range has', { page: 1 }],
  ])('is none: %s', (_, change) => {
    expect(rangeSchema.safeParse({ ...range, ...change }).success).toBe(false);
  });
});

describe('a step', () => {
  const code = { op: 'present-code', code: 'FF' };
  const write = { op: 'write', zone: 'x'.repeat(16), offset: 0xffff, data: '00'.repeat(258) };
  const apdu = { op: 'apdu', label: 'update', apdu: '00D68200' };

  it.each([
    ['a code', code],
    ['a code of eight bytes, by its number', { ...code, code: 'FF'.repeat(8), key: 15 }],
    ['the last try', { ...code, key: 0, lastTry: true }],
    ['a write', write],
    ['a write of a byte at the beginning', { ...write, offset: 0, data: '00' }],
    ['a command', apdu],
    ['the longest command', { ...apdu, apdu: '00'.repeat(261) }],
    ['a command that gathers', { ...apdu, label: 'challenge', gather: 'x'.repeat(32) }],
    ['a selection', { ...apdu, label: 'select' }],
    ['the card’s proof', { ...apdu, label: 'internal-auth' }],
    ['ours', { ...apdu, label: 'external-auth' }],
    [
      'a command that says what it leaves',
      { ...apdu, after: { zone: 'x'.repeat(16), offset: 0, data: '00'.repeat(258) } },
    ],
  ])('is one: %s', (_, step) => {
    expect(planStepSchema.parse(step)).toEqual(step);
  });

  it.each([
    ['no code', { ...code, code: '' }],
    ['a long code', { ...code, code: 'FF'.repeat(9) }],
    ['a code by a number that is none', { ...code, key: 16 }],
    ['a code before the first', { ...code, key: -1 }],
    ['half a code', { ...code, key: 0.5 }],
    ['a last try that is none', { ...code, lastTry: false }],
    ['a code and more', { ...code, tries: 3 }],
    ['a write of nothing', { ...write, data: '' }],
    ['a long write', { ...write, data: '00'.repeat(259) }],
    ['a write before the beginning', { ...write, offset: -1 }],
    ['a write beyond the end', { ...write, offset: 0x10000 }],
    ['a write to a zone with a long name', { ...write, zone: 'x'.repeat(17) }],
    ['a write and more', { ...write, key: 1 }],
    ['a short command', { ...apdu, apdu: '00D682' }],
    ['a long command', { ...apdu, apdu: '00'.repeat(262) }],
    ['a label that is none', { ...apdu, label: 'erase' }],
    ['a long name', { ...apdu, gather: 'x'.repeat(33) }],
    ['a command and more', { ...apdu, key: 1 }],
    ['what it leaves, before the beginning', { ...apdu, after: { zone: 'a', offset: -1, data: '00' } }],
    ['what it leaves, of nothing', { ...apdu, after: { zone: 'a', offset: 0, data: '' } }],
    ['what it leaves, too long', { ...apdu, after: { zone: 'a', offset: 0, data: '00'.repeat(259) } }],
    [
      'what it leaves, in a zone with a long name',
      { ...apdu, after: { zone: 'x'.repeat(17), offset: 0, data: '00' } },
    ],
    ['what it leaves and more', { ...apdu, after: { zone: 'a', offset: 0, data: '00', key: 1 } }],
    ['another operation', { op: 'erase' }],
  ])('is none: %s', (_, step) => {
    expect(planStepSchema.safeParse(step).success).toBe(false);
  });
});

describe('a plan that is released', () => {
  const bent: WritePlan = {
    ...plan,
    afterSilence: true,
    steps: [{ op: 'present-code', code: 'FFFFFF', lastTry: true }, ...plan.steps.slice(1)],
  };

  it('says of last tries and silence only what the release says', () => {
    expect(asReleased(bent)).toEqual(plan);
    expect(asReleased(plan)).toEqual(plan);
  });

  it('may meet the last tries where staff said so, and no step but the code says it', () => {
    expect(asReleased(plan, { lastTry: true }).steps).toEqual([
      { op: 'present-code', code: 'FFFFFF', lastTry: true },
      ...plan.steps.slice(1),
    ]);
  });

  it('says that an earlier one went silent', () => {
    expect(asReleased(plan, { afterSilence: true })).toEqual({ ...plan, afterSilence: true });
  });
});
