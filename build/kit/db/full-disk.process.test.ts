import type { Connection } from 'mongoose';
import { afterAll, describe, expect, it } from 'vitest';
import { problemOf } from '../../../server/src/route/problem-of.ts';
import { connectDatabase } from '../../../server/src/adapters/mongo/connection.ts';
import { smallDisk } from '../process/small-disk.ts';
import { openDatabase, type Database } from './open.ts';
import { secantus } from './secantus.ts';

/** Small, so that it is soon full; the engine's journal alone takes a part of it. */
const disk = await smallDisk({ megabytes: 192 });
const prepared = await secantus.prepare('.', () => undefined);
const here = disk !== undefined && !('absent' in prepared);
if (!here) process.stdout.write('No full disk here: none may be mounted, or there is no secantusd-rs.\n');
afterAll(() => disk?.close());

/** Until one fails; adds the number of each that was acknowledged. */
async function writeUntilRefused(db: Connection, acknowledged: number[]): Promise<unknown> {
  for (;;) {
    const n = acknowledged.length;
    try {
      await db.collection('orders').insertOne({ n, filler: 'x'.repeat(4_000) });
    } catch (error) {
      return error;
    }
    acknowledged.push(n);
  }
}

describe.skipIf(!here)('a database whose disk is full', () => {
  const open = (): Promise<Database> =>
    openDatabase({ dir: disk?.dir ?? '', durable: true, engine: 'secantusd-rs' });

  it('refuses what it cannot keep, has all that it acknowledged once there is room and it was started again, and goes on', async () => {
    const acknowledged: number[] = [];
    const first = await open();
    const full = await connectDatabase(first.uri);
    const writing = writeUntilRefused(full, acknowledged);
    await expect.poll(() => acknowledged.length).toBeGreaterThan(50);
    disk?.fill();
    const refused = await writing;
    expect(problemOf(refused)).toMatchObject({ code: 'server.unavailable', retryAfterS: 2 });
    // The engine does nothing more, with room or without, until it is started again; on a busy machine it ends by itself.
    await disk?.makeRoom();
    await expect(full.collection('orders').insertOne({ n: -1 })).rejects.toThrow(/PANIC|ECONNREFUSED/);
    await full.close();
    await first.program?.kill();

    const again = await open();
    const db = await connectDatabase(again.uri);
    const kept = await db
      .collection('orders')
      .find({}, { projection: { n: 1 } })
      .toArray();
    const numbers = new Set(kept.map(({ n }) => Number(n)));
    expect(acknowledged.filter((n) => !numbers.has(n))).toEqual([]);
    await db.collection('orders').insertOne({ n: acknowledged.length + 1 });
    await db.close();
    await again.close();
  });
});
