import { describe, expect, it } from 'vitest';
import { drawsInSoftware, FAULTS_TOGETHER_MS, SOFTWARE_FOR_MS, withFault } from './graphics.ts';
import type { GraphicsRecord } from './graphics.ts';

const version = '1.0.0';
const faults = (...times: number[]): GraphicsRecord => ({ version, faults: times });

describe('the graphics card is done without', () => {
  it.each([
    ['nothing known', undefined, 0, false],
    ['one fault', faults(0), 0, false],
    ['two far apart', faults(0, FAULTS_TOGETHER_MS), FAULTS_TOGETHER_MS, false],
    ['two together', faults(0, FAULTS_TOGETHER_MS - 1), FAULTS_TOGETHER_MS, true],
    ['two together, then peace', faults(0, 1, FAULTS_TOGETHER_MS * 2), FAULTS_TOGETHER_MS * 2, true],
    ['a week later', faults(0, 1), SOFTWARE_FOR_MS + 1, false],
    ['a clock that was set back', faults(1_000, 2_000), 0, true],
    ['a clock that was years ahead', faults(SOFTWARE_FOR_MS * 9, SOFTWARE_FOR_MS * 9), 0, false],
  ])('%s', (_case, record, now, expected) => {
    expect(drawsInSoftware(record, { version, now })).toBe(expected);
  });

  it('not by a release that has not failed', () => {
    expect(drawsInSoftware(faults(0, 1), { version: '1.0.1', now: 1 })).toBe(false);
    expect(withFault(faults(0, 1), { version: '1.0.1', now: 2, weight: 1 })).toEqual({
      version: '1.0.1',
      faults: [2],
    });
  });

  it('at once when the page crashes in a loop', () => {
    const record = withFault(undefined, { version, now: 5, weight: 2 });
    expect(drawsInSoftware(record, { version, now: 5 })).toBe(true);
  });

  it('by a record that does not grow', () => {
    let record: GraphicsRecord | undefined;
    for (let now = 0; now < 100; now += 1) record = withFault(record, { version, now, weight: 1 });
    expect(record?.faults).toHaveLength(10);
  });
});
