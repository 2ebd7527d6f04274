import { describe, expect, it } from 'vitest';
import { ManualClock, settled } from '@bianmin/card/testing/manual-clock';
import { Stop } from '@bianmin/card/stop';
import { codeOf } from '@bianmin/card/errors';
import { order } from '../testing/card-purchase-states.ts';
import { fault } from '../testing/fake-order-book.ts';
import type { OrderState } from '../api/order.ts';
import { abandonOrder } from './abandon.ts';

/** Closes order `7`; `answers`: how each try comes out, the last one again and again. */
function closing(...answers: readonly (OrderState | Error)[]) {
  const clock = new ManualClock();
  const stop = new Stop();
  const began = clock.now();
  const asked: number[] = [];
  const faults: unknown[] = [];
  const cancel = (orderNo: string) => {
    expect(orderNo).toBe('7');
    const answer = answers[Math.min(asked.length, answers.length - 1)] ?? 'closed';
    asked.push(clock.now() - began);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(order(answer));
  };
  const tools = {
    api: { cancel },
    clock,
    signal: stop.signal,
    onFault: (error: unknown) => faults.push(error),
  };
  let over = false;
  void abandonOrder('7', tools).then(() => (over = true));
  return { clock, stop, asked, faults, isOver: () => over };
}

describe('an order whose buyer has left', () => {
  it.each(['closed', 'paid', 'sold', 'refunding'] as const)(
    'is closed once, whatever it is then: %s',
    async (state) => {
      const { asked, faults, isOver } = closing(state);
      await settled();
      expect(isOver()).toBe(true);
      expect(asked).toEqual([0]);
      expect(faults).toEqual([]);
    },
  );

  it.each(['created', 'paying'] as const)('is closed once more where it stays open: %s', async (state) => {
    const { clock, asked, isOver } = closing(state, 'closed');
    await clock.advance(1_999);
    expect(asked).toEqual([0]);
    await clock.advance(1);
    expect(asked).toEqual([0, 2_000]);
    expect(isOver()).toBe(true);
  });

  it('is left to run out after five tries, each of which is told', async () => {
    const away = fault('server.unavailable');
    const { clock, asked, faults, isOver } = closing(away);
    await clock.advance(600_000);
    expect(asked).toEqual([0, 2_000, 6_000, 14_000, 30_000]);
    expect(faults).toEqual([away, away, away, away, away]);
    expect(isOver()).toBe(true);
  });

  it.each(['order.already-paid', 'order.closed'])('needs it no more: %s', async (code) => {
    const { clock, asked, faults, isOver } = closing(fault(code));
    await clock.advance(600_000);
    expect(asked).toEqual([0]);
    expect(faults).toEqual([]);
    expect(isOver()).toBe(true);
  });

  it('is left alone when the flow stops, without a word', async () => {
    const { clock, stop, asked, faults, isOver } = closing(fault('server.unavailable'));
    await settled();
    expect(faults.map(codeOf)).toEqual(['server.unavailable']);
    stop.stop();
    await clock.advance(600_000);
    expect(asked).toEqual([0]);
    expect(faults).toHaveLength(1);
    expect(isOver()).toBe(true);
  });
});
