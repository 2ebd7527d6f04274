import { describe, expect, it } from 'vitest';
import type { OrderView } from '@bianmin/purchase/api/order';
import type { FeedItem, OrderFeed } from './feed.ts';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { HEARTBEAT_MS, STREAM_LIFE_MS } from './order-stream.ts';
import { OrderStreams, OVERLAP_MS } from './order-streams.ts';

const T = 't'.padEnd(31, '0');

function item(id: number, version: number, orderNo = '260115100000000001'): FeedItem {
  return { id, view: { orderNo, version } as OrderView };
}

class FakeFeed implements OrderFeed {
  past: FeedItem[] = [];
  asked: number[] = [];
  readonly listeners = new Set<(item: FeedItem) => void>();
  /** Called between the subscription and the answer about the past. */
  between: () => void = () => undefined;

  changedSince(_terminalId: string, sinceId: number): Promise<readonly FeedItem[]> {
    this.asked.push(sinceId);
    this.between();
    return Promise.resolve(this.past.filter(({ id }) => id >= sinceId).slice(0, 100));
  }

  subscribe(_terminalId: string, listener: (item: FeedItem) => void): Promise<() => Promise<void>> {
    this.listeners.add(listener);
    return Promise.resolve(() => {
      this.listeners.delete(listener);
      return Promise.resolve();
    });
  }

  emit(change: FeedItem): void {
    for (const listener of this.listeners) listener(change);
  }
}

function setup(): { feed: FakeFeed; clock: ManualClock; streams: OrderStreams } {
  const feed = new FakeFeed();
  const clock = new ManualClock();
  return { feed, clock, streams: new OrderStreams({ feed, clock }) };
}

function read(body: NodeJS.ReadableStream): { text: () => string; ids: () => number[] } {
  let text = '';
  body.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return {
    text: () => text,
    ids: () => [...text.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1])),
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a stream of orders', () => {
  it('tells each change with its time as the id', async () => {
    const { feed, streams } = setup();
    const seen = read(await streams.open(T, undefined));
    feed.emit(item(1000, 1));
    feed.emit(item(1001, 2));
    await turn();
    expect(seen.ids()).toEqual([1000, 1001]);
    expect(seen.text()).toContain('event: order\nid: 1000\ndata: {"orderNo"');
  });

  it('resumes from a little before the last id, through as many pages as there are', async () => {
    const { feed, streams } = setup();
    feed.past = Array.from({ length: 250 }, (_, n) => item(10_000 + n, 1, String(n).padStart(18, '0')));
    const seen = read(await streams.open(T, 10_000 + OVERLAP_MS));
    await turn();
    expect(feed.asked[0]).toBe(10_000);
    expect(seen.ids()).toHaveLength(250);
  });

  it('loses nothing that happens between listening and reading the past, and tells nothing twice', async () => {
    const { feed, streams } = setup();
    feed.past = [item(9000, 4)];
    feed.between = () => {
      feed.emit(item(9001, 5));
    };
    const seen = read(await streams.open(T, 9000));
    feed.emit(item(9001, 5));
    feed.emit(item(9002, 6));
    await turn();
    expect(seen.ids()).toEqual([9001, 9002]);
  });

  it('beats while nothing happens, and ends after its life', async () => {
    const { clock, streams } = setup();
    const body = await streams.open(T, undefined);
    const seen = read(body);
    let ended = false;
    body.once('end', () => (ended = true));
    for (let ms = 0; ms < STREAM_LIFE_MS; ms += HEARTBEAT_MS) {
      clock.jump(HEARTBEAT_MS);
      await turn();
    }
    await turn();
    expect(seen.text().match(/: beat/g)?.length).toBe(STREAM_LIFE_MS / HEARTBEAT_MS - 1);
    expect(ended).toBe(true);
  });

  it('keeps for a slow terminal only the newest of each order', async () => {
    const { feed, streams } = setup();
    const body = await streams.open(T, undefined);
    for (let version = 1; version <= 5000; version += 1) feed.emit(item(version, version));
    expect(body.writableLength).toBeLessThan(64 * 1024);
    const seen = read(body);
    for (let n = 0; n < 10; n += 1) await turn();
    expect(seen.ids().at(-1)).toBe(5000);
    expect(seen.ids().length).toBeLessThan(1000);
  });

  it('gives up on a terminal that takes nothing', async () => {
    const { feed, clock, streams } = setup();
    const body = await streams.open(T, undefined);
    for (let version = 1; version <= 5000; version += 1) feed.emit(item(version, version));
    for (let ms = 0; ms < 90_000; ms += HEARTBEAT_MS) {
      clock.jump(HEARTBEAT_MS);
      await turn();
    }
    expect(body.destroyed).toBe(true);
    expect(streams.size).toBe(0);
  });

  it('leaves nothing behind when the terminal goes or the process stops', async () => {
    const { feed, clock, streams } = setup();
    const gone = await streams.open(T, undefined);
    const open = await streams.open(T, undefined);
    read(open);
    gone.destroy();
    await turn();
    expect([streams.size, feed.listeners.size, clock.sleepers]).toEqual([1, 1, 1]);
    streams.close();
    await turn();
    await turn();
    expect([streams.size, feed.listeners.size, clock.sleepers]).toEqual([0, 0, 0]);
    const late = await streams.open(T, undefined);
    expect(late.writableEnded).toBe(true);
  });

  it('says when to come back where it ends with the process', async () => {
    const { streams } = setup();
    const body = await streams.open(T, undefined);
    const seen = read(body);
    streams.close();
    await turn();
    const last = Number(/\nretry: (\d+)\n: the process ends\n\n$/.exec(seen.text())?.[1]);
    expect(last).toBeGreaterThanOrEqual(200);
    expect(last).toBeLessThan(2000);
    expect(body.readableEnded).toBe(true);
  });

  it('fails its request where the feed cannot be had', async () => {
    const { feed, streams } = setup();
    feed.changedSince = () => Promise.reject(new Error('away'));
    await expect(streams.open(T, undefined)).rejects.toThrow('away');
    await turn();
    expect([streams.size, feed.listeners.size]).toEqual([0, 0]);
  });
});
