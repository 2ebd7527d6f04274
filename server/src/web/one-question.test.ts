import { expect, it } from 'vitest';
import { OneQuestion } from './one-question.ts';

it('whoever answers in time answers, and whoever fails or is late does not', async () => {
  expect(await new OneQuestion(() => Promise.resolve('pong')).answers(1_000)).toBe(true);
  expect(await new OneQuestion(() => Promise.reject(new Error('away'))).answers(1_000)).toBe(false);
  expect(await new OneQuestion(() => new Promise(() => undefined)).answers(1)).toBe(false);
});

it('whoever is late is not asked again while the question is open, and is heard when the answer comes', async () => {
  let asked = 0;
  let answer: () => void = () => undefined;
  const who = new OneQuestion(() => {
    asked += 1;
    return new Promise<void>((resolve) => (answer = resolve));
  });
  expect([await who.answers(1), await who.answers(1)]).toEqual([false, false]);
  expect(asked).toBe(1);
  const waiting = who.answers(1_000);
  answer();
  expect(await waiting).toBe(true);
  expect(await who.answers(1)).toBe(false);
  expect(asked).toBe(2);
});
