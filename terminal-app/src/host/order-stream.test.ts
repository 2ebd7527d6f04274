import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import type { OrderView } from '@bianmin/purchase/api/order';
import { OrderStream, POLL_CONNECTED_MS, POLL_MS, type Connect } from './order-stream.ts';

const ORDER_NO = '260115100000000001';

function view(version: number): OrderView {
  return {
    orderNo: ORDER_NO,
    version,
    state: 'paying',
    entry: 'kiosk',
    faceFen: 5000,
    discountFen: 0,
    paidFen: 5000,
    createdAt: '2026-01-15T02:00:00.000Z',
    payment: null,
    receiptCode: null,
    refund: null,
  };
}

function setup() {
  const clock = new ManualClock();
  const tickets: (string | undefined)[] = [];
  const server = { asked: 0, version: 1, streams: true };
  const connections: { on: Parameters<Connect>[1]; closed: boolean }[] = [];
  const stream = new OrderStream({
    api: {
      streamUrl: (last) => {
        tickets.push(last);
        return server.streams ? Promise.resolve('http://x') : Promise.reject(new Error('away'));
      },
      order: () => {
        server.asked += 1;
        return Promise.resolve(view(server.version));
      },
    },
    clock,
    log: pino({ level: 'silent' }),
    connect: (_url, on) => {
      const connection = { on, closed: false };
      connections.push(connection);
      return { close: () => (connection.closed = true) };
    },
  });
  const seen: number[] = [];
  const last = () => {
    const connection = connections.at(-1);
    if (connection === undefined) throw new Error('There is no connection.');
    return connection;
  };
  return { clock, tickets, server, connections, stream, seen, last };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
async function pass(clock: ManualClock, ms: number): Promise<void> {
  for (let gone = 0; gone < ms; gone += 500) {
    clock.jump(500);
    await turn();
  }
}

describe('the kiosk’s stream of orders', () => {
  it('tells what is pushed, of the orders that are watched', async () => {
    const { stream, seen, last } = setup();
    stream.subscribe(ORDER_NO, ({ version }) => seen.push(version));
    await turn();
    last().on.open();
    expect(stream.connected).toBe(true);
    last().on.order('10', JSON.stringify(view(2)));
    last().on.order('11', JSON.stringify({ ...view(3), orderNo: '260115100000000002' }));
    last().on.order('12', 'no order at all');
    last().on.order('13', JSON.stringify(view(4)));
    expect(seen).toEqual([2, 4]);
    stream.close();
  });

  it('comes back with a new ticket and the last event, waiting longer each time it fails', async () => {
    const { stream, clock, tickets, server, connections, last } = setup();
    stream.subscribe(ORDER_NO, () => undefined);
    await turn();
    last().on.open();
    last().on.order('77', JSON.stringify(view(2)));
    last().on.end();
    await turn();
    expect([stream.connected, last().closed]).toEqual([false, true]);
    server.streams = false;
    await pass(clock, 60_000);
    expect(tickets.slice(0, 2)).toEqual([undefined, '77']);
    expect(tickets.length).toBeLessThan(12);
    server.streams = true;
    await pass(clock, 15_000);
    expect(connections).toHaveLength(2);
    stream.close();
  });

  it('polls while there is no stream, and now and then while there is', async () => {
    const { stream, clock, server, seen, last } = setup();
    server.streams = false;
    stream.subscribe(ORDER_NO, ({ version }) => seen.push(version));
    await turn();
    await pass(clock, POLL_MS);
    expect(seen).toEqual([1]);
    server.streams = true;
    await pass(clock, 4000);
    last().on.open();
    server.asked = 0;
    await pass(clock, 4 * POLL_CONNECTED_MS);
    expect(server.asked).toBeGreaterThanOrEqual(3);
    expect(server.asked).toBeLessThanOrEqual(5);
    stream.close();
  });

  it('is there only while there is a subscriber', async () => {
    const { stream, clock, connections, last } = setup();
    const one = stream.subscribe(ORDER_NO, () => undefined);
    const two = stream.subscribe(ORDER_NO, () => undefined);
    await turn();
    last().on.open();
    one();
    expect(last().closed).toBe(false);
    two();
    expect(last().closed).toBe(true);
    await turn();
    expect(clock.sleepers).toBe(0);
    stream.subscribe(ORDER_NO, () => undefined);
    await turn();
    expect(connections).toHaveLength(2);
    stream.close();
    await turn();
    expect([last().closed, clock.sleepers]).toEqual([true, 0]);
  });
});
