import { describe, expect, it } from 'vitest';
import { ORDER_NO, ORDER, setup, problem, failure } from '../testing/fake-api-server.ts';
import type { Answer } from '../testing/fake-api-server.ts';

describe('a terminal’s wrong clock', () => {
  it('goes by the server’s clock once its own made a proof stale', async () => {
    const { client, calls, time } = setup((_call, n) =>
      n === 1 ? problem('terminal.bad-proof', 401) : { status: 200, body: ORDER },
    );
    time.now -= 3_600_000;
    expect(await client.order(ORDER_NO)).toEqual(ORDER);
    expect(calls.map(({ proof }) => proof.split('@')[1])).toEqual([
      String(Date.UTC(2026, 0, 15, 1) / 1000),
      String(Date.UTC(2026, 0, 15, 2) / 1000),
    ]);
    const right = setup(() => problem('terminal.bad-proof', 401));
    expect((await failure(right.client.order(ORDER_NO))).code).toBe('terminal.bad-proof');
    expect(right.calls).toHaveLength(1);
  });

  it('goes by the server’s clock with each of several calls that were under way when it was found to be off', async () => {
    const right = Date.UTC(2026, 0, 15, 2) / 1000;
    const { client, calls, time } = setup(({ proof }) =>
      Number(proof.split('@')[1]) === right
        ? { status: 200, body: ORDER }
        : problem('terminal.bad-proof', 401),
    );
    time.now -= 3_600_000;
    expect(await Promise.all([1, 2, 3].map(() => client.order(ORDER_NO)))).toEqual([ORDER, ORDER, ORDER]);
    expect(calls).toHaveLength(6);
  });

  it('follows a server whose clock is set right meanwhile, or whose nodes differ, and gives up after a few', async () => {
    const hours = [0, 3, 5, 2, 7];
    const at = (n: number): Answer => ({
      ...problem('terminal.bad-proof', 401),
      headers: { date: new Date(Date.UTC(2026, 0, 15, hours[n])).toUTCString() },
    });
    const { client, calls } = setup((_call, n) => (n <= 2 ? at(n) : { status: 200, body: ORDER }));
    expect(await client.order(ORDER_NO)).toEqual(ORDER);
    expect(calls.map(({ proof }) => new Date(Number(proof.split('@')[1]) * 1000).getUTCHours())).toEqual([
      2, 3, 5,
    ]);
    const never = setup((_call, n) => at(n));
    expect((await failure(never.client.order(ORDER_NO))).code).toBe('terminal.bad-proof');
    expect(never.calls).toHaveLength(4);
  });
});

describe('a terminal’s token', () => {
  it('asks for one token for many calls, and for another shortly before it ends', async () => {
    const { client, time, tokens } = setup(() => ({ status: 200, body: ORDER }));
    await Promise.all([client.order(ORDER_NO), client.order(ORDER_NO), client.order(ORDER_NO)]);
    expect(tokens()).toBe(1);
    time.monotonic += 539_999;
    await client.order(ORDER_NO);
    expect(tokens()).toBe(1);
    time.monotonic += 1;
    await Promise.all([client.order(ORDER_NO), client.order(ORDER_NO)]);
    expect(tokens()).toBe(2);
  });

  it('tries a token again after it could not be had', async () => {
    const { client } = setup(
      () => ({ status: 200, body: ORDER }),
      (n) => (n === 1 ? problem('terminal.pending', 403) : undefined) as Answer,
    );
    expect((await failure(client.order(ORDER_NO))).code).toBe('terminal.pending');
    expect(await client.order(ORDER_NO)).toEqual(ORDER);
  });

  it.each(['auth.expired', 'auth.required'])(
    'repeats a call once with a new token after %s',
    async (code) => {
      const { client, calls, tokens } = setup((call) =>
        call.authorization === 'DPoP token-1' ? problem(code, 401) : { status: 200, body: ORDER },
      );
      expect(await client.order(ORDER_NO)).toEqual(ORDER);
      expect([calls.length, tokens()]).toEqual([2, 2]);
      const always = setup(() => problem(code, 401));
      expect((await failure(always.client.order(ORDER_NO))).code).toBe(code);
      expect(always.calls).toHaveLength(2);
    },
  );

  it('asks for a token anew once it is told to forget the one it has', async () => {
    const { client, tokens } = setup(() => ({ status: 200, body: ORDER }));
    await client.order(ORDER_NO);
    await client.order(ORDER_NO);
    expect(tokens()).toBe(1);
    client.forgetToken();
    await client.order(ORDER_NO);
    expect(tokens()).toBe(2);
  });
});
