import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SendBatch } from '@bianmin/purchase/api/command';
import { PROVINCE } from '@bianmin/purchase/api/org';
import { TARGETS_AT_ONCE } from './targets.ts';
import { CommandWorld, HERE, reason, terminalId, URUMQI } from '../../testing/command-world.ts';

let f: CommandWorld;
beforeAll(async () => {
  f = await CommandWorld.open();
});
afterAll(() => f.close());
beforeEach(() => f.fresh());
afterEach(() => f.calls.close());

const KASHI = [PROVINCE, '653100', 'c0000000000000002'];

describe('a command to many', () => {
  const batch = (target: object, more: Partial<SendBatch> = {}, as = 'anna') =>
    f.calls.call('post', '/v1/admin/fleet/batches', {
      body: { key: randomUUID(), kind: 'block', reason, target, ...more },
      as,
    });
  const count = async (query: string) =>
    (await f.calls.call('get', `/v1/admin/fleet/targets${query}`)).body['terminals'];
  const progress = async (key: unknown) => {
    const { body } = await f.calls.call('get', `/v1/admin/fleet/batches/${String(key)}`);
    const found = body['states'] as { state: string; count: number }[];
    return Object.fromEntries(found.filter((each) => each.count > 0).map((each) => [each.state, each.count]));
  };
  const make = async () => {
    while ((await f.keeper.make()) > 0) continue;
  };

  beforeEach(async () => {
    await f.enrol(1);
    await f.enrol(2, { version: '1.1.0' });
    await f.enrol(3, { path: KASHI });
    await f.enrol(4, { path: KASHI, kind: 'box' });
  });

  it('means accepted kiosks by place, version and presence', async () => {
    expect(await count('')).toBe(3);
    expect(await count('?org=650100')).toBe(2);
    expect(await count('?version=1.1.0')).toBe(1);
    // What it said of itself since goes before what it enrolled with.
    const said = { kind: 'kiosk', orgPath: KASHI, version: '1.1.0', readers: [] } as const;
    await f.health.keep([{ _id: terminalId(3), ...said, seenAt: new Date(f.clock.now()) }]);
    expect(await count('?version=1.1.0')).toBe(2);
    expect(await count('?presence=online')).toBe(1);
    expect(await count('?org=653100&presence=never')).toBe(0);
    await f.board.beat(HERE, { kind: 'kiosk', orgPath: URUMQI }, { version: '1.0.0', readers: [] });
    expect(await count('?presence=online')).toBe(2);
  });

  it('is made by the worker, reaches each with its beat, and shows how far it is', async () => {
    const { status, body } = await batch({ org: '650100' });
    expect([status, body['state'], body['terminals']]).toEqual([201, 'making', 0]);
    await make();
    expect(await progress(body['id'])).toEqual({ queued: 2 });
    const [jws = ''] = await f.beat();
    const { jti, kind } = await f.opened(jws);
    expect([jti, kind]).toEqual([`${String(body['id'])}.${HERE}`, 'block']);
    expect(await progress(body['id'])).toEqual({ queued: 1, delivered: 1 });
    await f.answer(jti, { outcome: 'done' });
    expect(await progress(body['id'])).toEqual({ queued: 1, done: 1 });
    const listed = await f.calls.call('get', '/v1/admin/fleet/batches');
    expect(listed.body['batches']).toMatchObject([{ state: 'made', terminals: 2, org: '650100' }]);
    expect(f.recorded).toEqual(['command.batch']);
  });

  it('is cancelled for terminals that have not heard it', async () => {
    const { body } = await batch({});
    await make();
    await f.beat();
    await f.calls.call('post', `/v1/admin/fleet/batches/${String(body['id'])}/cancel`);
    expect(await progress(body['id'])).toEqual({ delivered: 1, cancelled: 2 });
  });

  it('goes on where a worker died, and tells no terminal twice', async () => {
    const known = await f.t.db.collection<{ _id: string }>('terminals').findOne({ _id: HERE });
    await f.t.db
      .collection<{ _id: string }>('terminals')
      .insertMany(
        Array.from({ length: TARGETS_AT_ONCE }, (_, no) => ({ ...known, _id: terminalId(10 + no) })),
      );
    const { body } = await batch({ org: '650100' });
    const key = String(body['id']);
    const unmade = await f.batchStore.unmade();
    // It made the piece and died before it had noted that.
    await f.keeper.make();
    await f.t.db
      .collection<{ _id: string }>('command_batches')
      .updateOne({ _id: key }, { $set: { cursor: unmade?.cursor, terminals: 0, state: 'making' } });
    await make();
    expect(await progress(key)).toEqual({ queued: TARGETS_AT_ONCE + 2 });
    expect(await f.t.redis.scard('fleet:commands')).toBe(TARGETS_AT_ONCE + 2);
  });

  it('that is cancelled while it is made leaves nothing', async () => {
    const { body } = await batch({});
    const key = String(body['id']);
    const advance = f.batchStore.advance.bind(f.batchStore);
    f.batchStore.advance = async (...given) => {
      await f.calls.call('post', `/v1/admin/fleet/batches/${key}/cancel`);
      return advance(...given);
    };
    try {
      await make();
    } finally {
      f.batchStore.advance = advance;
    }
    expect(await progress(key)).toEqual({ cancelled: 3 });
  });

  it('reaches no further than its sender', async () => {
    const carl = 'carl|terminal:command|653100';
    expect((await batch({ org: '650100' }, {}, carl)).body['code']).toBe('request.not-found');
    const { body } = await batch({}, {}, carl);
    await make();
    expect(await progress(body['id'])).toEqual({ queued: 1 });
    const read = await f.calls.call('get', `/v1/admin/fleet/batches/${String(body['id'])}`, {
      as: 'dora|terminal:read|650100',
    });
    expect(read.body['code']).toBe('request.not-found');
  });

  it('takes no pictures and no logs of a whole province', async () => {
    expect((await batch({}, { kind: 'screenshot' as never })).status).toBe(400);
  });
});
