import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Exit } from '../process/program.ts';
import { untilItAnswers } from './answer.ts';
import { openDatabase } from './open.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Something at a port of the loopback. */
async function listening(onConnection: (socket: Socket) => void): Promise<Server & { uri: string }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    onConnection(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  const uri = `mongodb://127.0.0.1:${port}/?directConnection=true&serverSelectionTimeoutMS=200`;
  return Object.assign(server, { uri });
}

const programThat = (exit: () => Exit | undefined) => ({
  name: 'database',
  get exit() {
    return exit();
  },
  tail: () => 'there is no room left',
});

describe('a database that was started', { timeout: 60_000 }, () => {
  it('is asked again for as long as it runs, until it answers', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'bianmin-answer-'));
    closing.push(() => rm(dir, { recursive: true, force: true }));
    const database = await openDatabase({ dir, given: 'ignored' });
    closing.push(() => database.close());
    const { hostname, port } = new URL(database.uri);
    // It takes connections and says nothing, which each try finds again; at last it answers.
    let refused = 0;
    const late = await listening((socket) => {
      if (refused >= 8) {
        const far = connect(Number(port), hostname);
        far.on('error', () => socket.destroy());
        socket.pipe(far).pipe(socket);
        return;
      }
      refused += 1;
    });
    await untilItAnswers(
      programThat(() => undefined),
      late.uri,
    );
    expect(refused).toBe(8);
  });

  it('has failed when it has ended, and its last words are told', async () => {
    let asked = 0;
    const mute = await listening(() => {
      asked += 1;
    });
    const dying = programThat(() => (asked > 3 ? { code: 7, signal: null } : undefined));
    await expect(untilItAnswers(dying, mute.uri)).rejects.toThrow(
      /database ended with 7 before it answered.*there is no room left/s,
    );
  });

  it('is asked no more once the wait is aborted', async () => {
    const mute = await listening(() => undefined);
    const asking = untilItAnswers(
      programThat(() => undefined),
      mute.uri,
      AbortSignal.timeout(500),
    );
    await expect(asking).rejects.toThrow(/timeout|abort/i);
  });
});
