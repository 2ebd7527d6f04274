import { describe, expect, it } from 'vitest';
import { useIdle } from './idle.ts';

function rig() {
  let now = 0;
  let left = 0;
  const idle = useIdle({
    now: () => now,
    leave: () => {
      left += 1;
    },
  });
  const pass = (seconds: number): void => {
    for (let n = 0; n < seconds; n += 1) {
      now += 1_000;
      idle.tick();
    }
  };
  return { idle, pass, left: () => left };
}

describe('staff who walked away', () => {
  it('are asked after two minutes, and gone half a minute later', () => {
    const { idle, pass, left } = rig();
    pass(119);
    expect(idle.left.value).toBe(null);
    pass(1);
    expect([idle.left.value, left()]).toEqual([30, 0]);
    pass(29);
    expect([idle.left.value, left()]).toEqual([1, 0]);
    pass(1);
    expect(left()).toBe(1);
  });

  it('who touch anything have two minutes again', () => {
    const { idle, pass, left } = rig();
    pass(130);
    idle.touch();
    expect(idle.left.value).toBe(null);
    pass(119);
    expect([idle.left.value, left()]).toEqual([null, 0]);
  });
});
