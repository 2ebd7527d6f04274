import { effectScope } from 'vue';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fakeFrames, type FakeFrames } from '../../testing/fake-frames.ts';
import { usePress } from './after-paint.ts';

let page: FakeFrames;
beforeEach(() => {
  page = fakeFrames();
});
afterEach(() => {
  page.end();
});

function pressable() {
  const scope = effectScope();
  const deed = vi.fn();
  const key = scope.run(() => usePress(deed));
  if (key === undefined) throw new Error('The scope was over.');
  return { ...key, deed, leave: () => scope.stop() };
}

it('shows the press at once, does its deed after that was painted, and shows it no more', () => {
  const { pressed, press, deed } = pressable();
  press();
  expect([pressed.value, deed.mock.calls.length]).toEqual([true, 0]);
  // A frame's own callbacks come before it is painted.
  page.begin();
  expect([pressed.value, deed.mock.calls.length]).toEqual([true, 0]);
  vi.runAllTimers();
  expect([pressed.value, deed.mock.calls.length]).toEqual([false, 1]);
});

it('is one press until its deed is done, and another one afterwards', () => {
  const { press, deed } = pressable();
  press();
  press();
  page.paint();
  expect(deed).toHaveBeenCalledTimes(1);
  press();
  page.paint();
  expect(deed).toHaveBeenCalledTimes(2);
});

it('does nothing on a screen that went away meanwhile', () => {
  const { press, deed, leave } = pressable();
  press();
  leave();
  page.paint();
  expect(deed).not.toHaveBeenCalled();
});
