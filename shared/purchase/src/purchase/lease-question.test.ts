import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { fault } from '../testing/fake-order-book.ts';
import { holdsByServer, LEASE_WORD_MS } from './lease-question.ts';

const refusing = (code: string) => () => Promise.reject(fault(code));

describe('the server, asked whether a lease holds', () => {
  const clock = new ManualClock();

  it('is believed, whichever it says', async () => {
    expect(await holdsByServer(() => Promise.resolve(), clock)).toBe(true);
    expect(await holdsByServer(refusing('order.lease-stale'), clock)).toBe(false);
  });

  it.each(['server.unavailable', 'request.not-found', 'auth.expired'])(
    'is not heard by %s: the clocks alone decide',
    async (code) => {
      expect(await holdsByServer(refusing(code), clock)).toBe(true);
    },
  );

  it('is waited for so long, and no longer', async () => {
    let answer: (value: unknown) => void = () => undefined;
    const late = () => new Promise((resolve) => (answer = resolve));
    const states: boolean[] = [];
    const asked = holdsByServer(late, clock).then((holds) => states.push(holds));
    await clock.advance(LEASE_WORD_MS - 1);
    expect(states).toEqual([]);
    await clock.advance(1);
    await asked;
    expect(states).toEqual([true]);
    answer(undefined);
  });
});
