import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryShardLeases } from '../../testing/memory-leases.ts';
import { LEASE_MS, ShardWorkers } from './shard-workers.ts';

const SHARD = 3;
const PIECES = Array.from({ length: 12 }, (_, n) => n);
let clock: ManualClock;
let leases: MemoryShardLeases;
beforeEach(() => {
  clock = new ManualClock();
  leases = new MemoryShardLeases();
});

const hands = (holder: string): ShardWorkers => new ShardWorkers({ leases, holder, clock });
/** Whether another worker would get it now. */
const isFree = (): Promise<boolean> =>
  leases.take(SHARD, {
    ...{ holder: 'another', now: new Date(clock.now()), until: new Date(clock.now() + LEASE_MS) },
  });

describe("a worker's hands on a shard", () => {
  it('do each piece once, four at a time, and give the shard back', async () => {
    const done: number[] = [];
    let [busy, most] = [0, 0];
    const found = await hands('one').on(SHARD, async (handOut) => {
      await handOut(PIECES, async (piece) => {
        busy += 1;
        most = Math.max(most, busy);
        await Promise.resolve();
        done.push(piece);
        busy -= 1;
      });
      return 'all';
    });
    expect([found, most]).toEqual(['all', 4]);
    expect(done.sort((a, b) => a - b)).toEqual(PIECES);
    expect(await isFree()).toBe(true);
  });

  it('leave what is another worker’s', async () => {
    expect(await isFree()).toBe(true);
    expect(await hands('one').on(SHARD, () => Promise.reject(new Error('It is not ours.')))).toBeUndefined();
  });

  it('hold on to it however long it takes', async () => {
    const done: number[] = [];
    await hands('one').on(SHARD, (handOut) =>
      handOut(PIECES, async (piece) => {
        done.push(piece);
        expect(await isFree()).toBe(false);
        clock.jump(LEASE_MS / 5);
      }),
    );
    expect(done).toEqual(PIECES);
  });

  it('stop once another worker has it', async () => {
    const done: number[] = [];
    await hands('one').on(SHARD, (handOut) =>
      handOut(PIECES, async (piece) => {
        done.push(piece);
        // So slow that its time is over.
        if (piece === 0) clock.jump(LEASE_MS + 1);
        await isFree();
      }),
    );
    expect(done.length).toBeLessThanOrEqual(4);
    expect(leases.held.get(SHARD)?.holder).toBe('another');
  });

  it('give it back where the work fails', async () => {
    const failed = hands('one').on(SHARD, () => Promise.reject(new Error('It fails.')));
    await expect(failed).rejects.toThrow('It fails.');
    expect(await isFree()).toBe(true);
  });
});
