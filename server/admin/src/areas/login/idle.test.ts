import { describe, expect, it } from 'vitest';
import { idleStep } from './idle.ts';

describe('a login that nobody uses', () => {
  it('is warned of for its last minute, then over', () => {
    expect(idleStep(100_000, 39_999)).toEqual({ is: 'used' });
    expect(idleStep(100_000, 40_000)).toEqual({ is: 'warned', leftS: 60 });
    expect(idleStep(100_000, 99_001)).toEqual({ is: 'warned', leftS: 1 });
    expect(idleStep(100_000, 100_000)).toEqual({ is: 'over' });
  });

  it('that nothing ends is used', () => {
    expect(idleStep(undefined, 0)).toEqual({ is: 'used' });
  });
});
