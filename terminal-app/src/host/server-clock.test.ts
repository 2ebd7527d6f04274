import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import type { HttpAnswer } from '@bianmin/purchase/api/http-call';
import type { ClockStatus } from '../ipc/map.ts';
import { ServerClock } from './server-clock.ts';

const HOUR = 3_600_000;

/** `aheadMs`: this machine's clock less the server's. */
function rig(aheadMs = 0) {
  const clock = new ManualClock();
  const told: ClockStatus[] = [];
  const server = { aheadMs, delayMs: 0, dated: true };
  const own = new ServerClock({ clock, toleranceMs: 60_000, onChange: (status) => told.push(status) });
  const http = own.listening((): Promise<HttpAnswer> => {
    clock.jump(server.delayMs / 2);
    const headers = { Date: new Date(clock.now() - server.aheadMs).toUTCString() };
    clock.jump(server.delayMs / 2);
    return Promise.resolve({ status: 200, headers: server.dated ? headers : {}, body: '{}' });
  });
  const ask = async (times: number): Promise<void> => {
    const request = { method: 'GET', url: 'http://server/', headers: {}, timeoutMs: 1 } as const;
    for (let i = 0; i < times; i += 1) await http(request);
  };
  return { clock, told, server, own, ask };
}

describe('how far the clock is from the server’s', () => {
  it('is not known before several answers, nor without dates', async () => {
    const { own, ask, server, told } = rig(5 * HOUR);
    await ask(2);
    expect(own.skewMs).toBeNull();
    server.dated = false;
    await ask(3);
    expect(own.skewMs).toBeNull();
    expect(told).toEqual([]);
  });

  it('is right to a second, the way there and back left out', async () => {
    const { own, ask, server, clock } = rig(-5 * HOUR);
    server.delayMs = 8_000;
    await ask(5);
    expect(Math.abs((own.skewMs ?? 0) + 5 * HOUR)).toBeLessThanOrEqual(500);
    expect(Math.abs(own.now() - (clock.now() + 5 * HOUR))).toBeLessThanOrEqual(500);
  });

  it('is not one odd answer’s', async () => {
    const { own, ask, server, told } = rig();
    await ask(4);
    server.aheadMs = 5 * HOUR;
    await ask(1);
    expect(Math.abs(own.skewMs ?? HOUR)).toBeLessThanOrEqual(500);
    expect(told).toMatchObject([{ wrong: false }]);
  });

  it('is told when the clock becomes wrong and when it was set right, and not at each answer', async () => {
    const { ask, server, told } = rig(59_000);
    await ask(20);
    expect(told).toMatchObject([{ wrong: false }]);
    server.aheadMs = 90_000;
    await ask(20);
    server.aheadMs = 0;
    await ask(20);
    expect(told.map(({ wrong }) => wrong)).toEqual([false, true, false]);
    expect(Math.abs((told[1]?.skewMs ?? 0) - 90_000)).toBeLessThanOrEqual(500);
  });
});
