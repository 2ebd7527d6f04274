import { expect, it } from 'vitest';
import { LIMITS } from './limits.ts';

const { client, proxy, request, database, line, channel } = LIMITS;

/** Each waits longer than all that it waits for. */
const CHAINS: Readonly<Record<string, readonly number[]>> = {
  'a terminal to a server that is found': [client.terminal, proxy, request, database.request, line.select],
  'a terminal to a server that is reached anew': [client.terminal, request, database.request, line.connect],
  'a terminal to a free connection': [client.terminal, request, database.request, line.queue],
  'a terminal to Redis': [client.terminal, proxy, request, database.request, LIMITS.redis],
  'a terminal to grid or channel': [client.terminal, proxy, request, channel + LIMITS.afterCall, channel],
  'staff to the database': [
    client.download,
    client.console,
    proxy,
    request,
    database.staff,
    database.request,
  ],
  'a step of an order': [LIMITS.step, database.step, database.request],
  'work that nobody waits for': [database.command, database.background, database.staff],
  'a silent line to the queue to a job over it': [LIMITS.queue, LIMITS.job],
  'signs of life': [line.connect, line.heartbeat],
  'a proxy that asks whether we can serve': [LIMITS.ready, LIMITS.redis],
};

it.each(Object.entries(CHAINS))('from %s, each limit is longer than the next', (_, limits) => {
  expect(limits).toEqual([...new Set(limits)].sort((a, b) => b - a));
});

it('a refusal comes with time to spare before a proxy or a caller gives up, and after a second question', () => {
  expect(proxy - request).toBeGreaterThanOrEqual(2_000);
  expect(client.terminal - proxy).toBeGreaterThanOrEqual(2_000);
  expect(2 * database.request).toBeLessThan(request);
});
