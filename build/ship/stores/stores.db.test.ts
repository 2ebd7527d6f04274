import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { createServer, type Server } from 'node:tls';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectDatabase, pingDatabase } from '../../../server/src/adapters/mongo/connection.ts';
import { mongoTls } from '../../../server/src/config/stores.ts';
import { openTestContext, type TestContext } from '../../../server/src/testing/context.ts';
import { makeStores } from './make.ts';

let t: TestContext;
let folder: string;
let server: Server;
let uri: string;
beforeAll(async () => {
  t = await openTestContext();
  folder = await mkdtemp(join(tmpdir(), 'bianmin-stores-db-'));
  await makeStores(folder, 30);
  const pem = await readFile(join(folder, 'mongo.pem'));
  const { hostname, port, pathname } = new URL(t.mongodbUri);
  // The tests' database speaks no TLS: MongoDB's certificate before it.
  server = createServer({ key: pem, cert: pem }, (socket) => {
    const behind = connectTcp(Number(port), hostname);
    socket.pipe(behind).pipe(socket);
    // Either's end is the other's.
    socket.on('error', () => behind.destroy());
    behind.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const at = (server.address() as { port: number }).port;
  uri = `mongodb://localhost:${at}${pathname}?directConnection=true&tls=true`;
});
afterAll(async () => {
  server.close();
  await Promise.all([t.close(), rm(folder, { recursive: true })]);
});

it('MongoDB is asked over TLS by who knows its authority, and by nobody who does not', async () => {
  const db = await connectDatabase(uri, mongoTls({ STORES_CA_FILE: join(folder, 'ca.crt') }));
  await pingDatabase(db);
  await db.close();
  await expect(connectDatabase(uri, mongoTls({ STORES_CA_FILE: undefined }))).rejects.toThrow(
    /self.signed|unable to/,
  );
  const elsewhere = uri.replace('localhost', '127.0.0.1');
  await expect(
    connectDatabase(elsewhere, mongoTls({ STORES_CA_FILE: join(folder, 'ca.crt') })),
  ).rejects.toThrow(/altnames|altname/i);
});
