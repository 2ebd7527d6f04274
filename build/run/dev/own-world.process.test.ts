import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection, type Connection } from 'mongoose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { nameIn, namedUri } from '../../kit/db/given.ts';
import { openDatabase, type Database } from '../../kit/db/open.ts';
import { Program } from '../../kit/process/program.ts';
import { startStack } from './stack.ts';

/** Where nothing listens: a process that asks this Redis fails. */
const NO_REDIS = 'redis://127.0.0.1:1';

describe(
  'a stack beside the world of npm start, whose MONGODB_URI and REDIS_URL are set',
  { timeout: 180_000 },
  () => {
    let dir: string;
    let server: Database;
    let people: Connection;
    let uri: string;
    beforeAll(async () => {
      dir = await mkdtemp(join(tmpdir(), 'bianmin-own-'));
      server = await openDatabase({ dir, given: 'ignored' });
      uri = namedUri(server.uri, 'bianmin');
      people = await createConnection(uri).asPromise();
      await people.collection('orders').insertOne({ of: 'people' });
    }, 120_000);
    afterAll(async () => {
      await people.close();
      await server.close();
      await rm(dir, { recursive: true, force: true });
    });
    beforeEach(() => {
      vi.stubEnv('MONGODB_URI', uri);
      vi.stubEnv('REDIS_URL', NO_REDIS);
      // An engine that is named wins over an address, as in CI.
      vi.stubEnv('BIANMIN_DB_ENGINE', undefined);
    });
    afterEach(() => {
      vi.unstubAllEnvs();
    });

    const names = async (): Promise<string[]> => {
      const listed = await people.db?.admin().listDatabases();
      return (listed?.databases ?? []).map(({ name }) => name).filter((name) => name.startsWith('bianmin'));
    };
    async function expectPeoplesAlone(): Promise<void> {
      expect(await names()).toEqual(['bianmin']);
      const collections = await people.listCollections();
      expect(collections.map(({ name }) => name)).toEqual(['orders']);
      expect(await people.collection('orders').countDocuments()).toBe(1);
    }

    it('has a database and a Redis of its own, and takes them along', async () => {
      const stack = await startStack({ kiosk: false });
      expect(stack.urls.mongodbUri).not.toBe(uri);
      expect(stack.urls.redisUrl).not.toBe(NO_REDIS);
      expect(await names()).toContain(nameIn(stack.urls.mongodbUri));
      await stack.close();
      await expectPeoplesAlone();
    });

    it('takes them along when it fails, too', async () => {
      const broken = startStack({ kiosk: false, env: { worker: { TOKEN_SECRET: 'short' } } });
      await expect(broken).rejects.toThrow(/TOKEN_SECRET/);
      await expectPeoplesAlone();
    });

    it('takes them along when its process is ended by a signal', async () => {
      const script = `
      const { openDatabase } = await import(${JSON.stringify(new URL('../../kit/db/open.ts', import.meta.url).href)});
      const { createConnection } = await import('mongoose');
      const { uri } = await openDatabase({ dir: ${JSON.stringify(dir)} });
      const db = await createConnection(uri).asPromise();
      await db.collection('orders').insertOne({ of: 'journey' });
      console.log('written');
      setInterval(() => {}, 1e6);`;
      const { program } = await Program.start({
        ...{ name: 'journey', command: process.execPath, ready: /written/ },
        args: ['--import', 'tsx', '--input-type=module', '-e', script],
      });
      expect(await names()).toHaveLength(2);
      await program.stop(60_000);
      expect(program.exit).toEqual({ code: null, signal: 'SIGTERM' });
      await expectPeoplesAlone();
    });
  },
);
