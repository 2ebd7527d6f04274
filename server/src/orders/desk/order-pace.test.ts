import { expect, it } from 'vitest';
import { OrderPace, WITHOUT_REDIS } from './order-pace.ts';

const { perMinute, atOnce } = WITHOUT_REDIS;

function paced() {
  const state = { isHeld: true, ms: 0 };
  const pace = new OrderPace({ isHeld: () => state.isHeld, clock: { monotonic: () => state.ms } });
  const take = (): boolean => {
    try {
      pace.take();
      return true;
    } catch (error) {
      expect(error).toMatchObject({ code: 'server.unavailable', retryAfterS: 2 });
      return false;
    }
  };
  return { state, take };
}

it('any number of orders is made while nothing holds them', () => {
  const { state, take } = paced();
  state.isHeld = false;
  expect(Array.from({ length: 1_000 }, take)).not.toContain(false);
});

it('so many are made a minute and no more, whenever they come', () => {
  const { state, take } = paced();
  let made = 0;
  for (; state.ms < 60_000; state.ms += 50) if (take()) made += 1;
  expect(made).toBeGreaterThanOrEqual(perMinute);
  expect(made).toBeLessThanOrEqual(perMinute + atOnce);
});

it('after a quiet hour a few are made at once, not an hour’s', () => {
  const { state, take } = paced();
  state.ms = 3_600_000;
  expect(Array.from({ length: 100 }, take).filter(Boolean)).toHaveLength(atOnce);
});
