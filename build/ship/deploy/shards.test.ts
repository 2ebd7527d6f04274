import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createContext, Script } from 'node:vm';
import { expect, it } from 'vitest';
import { COLLECTIONS } from '../../../server/src/adapters/mongo/collections.ts';
import { DEPLOY } from './manifests.ts';

it('spreads exactly what is telemetry, by its keys, each with an index for it', async () => {
  const text = await readFile(join(DEPLOY, 'mongo/shard-telemetry.js'), 'utf8');
  const [sharded, indexed]: [[string, unknown][], [string, unknown][]] = [[], []];
  const context = createContext({
    sh: { shardCollection: (name: string, key: unknown) => sharded.push([name, key]) },
    db: {
      getName: () => 'province',
      getCollection: (name: string) => ({ createIndex: (key: unknown) => indexed.push([name, key]) }),
    },
    print: () => undefined,
  });
  new Script(text).runInContext(context);
  const telemetry = Object.entries(COLLECTIONS).flatMap(([name, { shardKey }]) =>
    shardKey === undefined ? [] : [{ name, key: shardKey }],
  );
  const plain = (calls: unknown): unknown => JSON.parse(JSON.stringify(calls));
  expect(plain(indexed)).toEqual(telemetry.map(({ name, key }) => [name, key]));
  expect(plain(sharded)).toEqual(telemetry.map(({ name, key }) => [`province.${name}`, key]));
});
