import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PROVINCE } from '@bianmin/purchase/api/org';
import { CommandWorld, HERE, MINUTE, reason, terminalId, URUMQI } from '../../testing/command-world.ts';
import { CommandSigner } from './command-signer.ts';

let f: CommandWorld;
beforeAll(async () => {
  f = await CommandWorld.open();
});
afterAll(() => f.close());
beforeEach(async () => {
  await f.fresh();
  await f.enrol(1);
});
afterEach(() => f.calls.close());

type Stored = Record<string, unknown> & { _id: string };
const inDb = (name: 'terminal_commands' | 'command_batches') => f.t.db.collection<Stored>(name);
const kindsHandedOut = async (): Promise<string[]> => {
  const opened = await Promise.all((await f.beat()).map((jws) => f.opened(jws)));
  return opened.map(({ kind, sub }) => `${kind} ${sub === HERE ? '' : sub}`.trim());
};
/** As whoever writes to the database would have it. */
function forged(more: Record<string, unknown> = {}): Stored {
  const now = f.clock.now();
  return {
    ...{ _id: randomUUID(), terminalId: HERE, kind: 'block', reason, issuedBy: 'anna', state: 'queued' },
    ...{ issuedAt: new Date(now - MINUTE), expiresAt: new Date(now + 60 * MINUTE) },
    ...more,
  };
}
const change = (key: string, set: Record<string, unknown>) =>
  inDb('terminal_commands').updateOne({ _id: key }, { $set: set });
const stateOf = async (_id: string) => {
  const found = await inDb('terminal_commands').findOne({ _id });
  return [found?.['state'], found?.['code']];
};

describe('a command that nobody gave', () => {
  it('and that was put into the database is not handed out, is told of, and holds up no other', async () => {
    const put = forged();
    await inDb('terminal_commands').insertOne(put);
    const key = randomUUID();
    await f.send('restart', { key });
    expect(await kindsHandedOut()).toEqual(['restart']);
    expect(await stateOf(put._id)).toEqual(['cancelled', 'command.forged']);
    expect(f.recorded).toEqual(['command.send', 'command.refuse']);
    expect(f.trail.at(-1)).toMatchObject({
      ...{ who: { kind: 'system', id: 'commands' }, action: 'command.refuse', target: HERE },
      data: { command: put._id, kind: 'block', issuedBy: 'anna', why: 'unsigned' },
    });
    // It is refused once, and the console shows it.
    expect(await kindsHandedOut()).toEqual([]);
    expect(f.trail.length).toBe(2);
    const listed = await f.calls.call('get', `/v1/admin/terminals/${HERE}/commands`);
    expect(listed.body['commands']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: put._id, state: 'cancelled', code: 'command.forged' }),
      ]),
    );
  });

  it.each<[string, () => Record<string, unknown>]>([
    ['of another kind', () => ({ kind: 'block' })],
    ['under another number', () => ({ _id: randomUUID() })],
    ['that ends later', () => ({ expiresAt: new Date(f.clock.now() + 600 * MINUTE) })],
    ['that began later', () => ({ issuedAt: new Date(f.clock.now() + MINUTE) })],
  ])('is not made of one that somebody gave, %s', async (_, more) => {
    const key = randomUUID();
    await f.send('restart', { key, ttlS: 60 });
    const collection = inDb('terminal_commands');
    const given = await collection.findOne({ _id: key });
    await collection.deleteOne({ _id: key });
    await collection.insertOne({ ...given, ...more() } as Stored);
    expect(await kindsHandedOut()).toEqual([]);
    expect(f.trail.at(-1)).toMatchObject({ action: 'command.refuse', data: { why: 'differs' } });
  });

  it('is not made of one for another terminal', async () => {
    await f.enrol(2);
    const key = randomUUID();
    await f.send('block', { key, to: terminalId(2) });
    await change(key, { terminalId: HERE });
    await f.send('restart');
    expect(await kindsHandedOut()).toEqual(['restart']);
    expect(await stateOf(key)).toEqual(['cancelled', 'command.forged']);
  });

  it('is not handed out when another key has signed it', async () => {
    const other = new CommandSigner(
      generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
        .privateKey.export({ format: 'der', type: 'pkcs8' })
        .toString('base64'),
    );
    const put = forged();
    await inDb('terminal_commands').insertOne({ ...put, jws: other.sign(put as never) });
    await f.send('restart');
    expect(await kindsHandedOut()).toEqual(['restart']);
    expect(await stateOf(put._id)).toEqual(['cancelled', 'command.forged']);
  });

  it.each<[string, Record<string, unknown>]>([
    ['a time that is none', { issuedAt: 'yesterday' }],
    ['no time', { issuedAt: null }],
    ['a kind that is none', { kind: { $ne: 1 }, reason: 7, issuedBy: null }],
    ['terminals', { terminalId: [HERE, terminalId(2)] }],
    ['a number that is none', { _id: { of: 'nothing' } }],
    ['a signature that is none', { jws: { of: 'nothing' } }],
    ['a signature of three dots', { jws: '...' }],
  ])('holds up no other with %s', async (_, more) => {
    await inDb('terminal_commands').insertOne(forged(more));
    await f.send('restart');
    expect(await kindsHandedOut()).toEqual(['restart']);
    expect(f.recorded).toEqual(['command.send', 'command.refuse']);
    await f.t.redis.sadd('fleet:commands', HERE);
    await f.beat();
    expect(f.recorded.length).toBe(2);
  });

  it('holds up no other by their number', async () => {
    await inDb('terminal_commands').insertMany(Array.from({ length: 30 }, () => forged()));
    await f.send('restart');
    expect(await kindsHandedOut()).toEqual(['restart']);
  });

  it('is no less shut out while the trail cannot be written', async () => {
    const put = forged();
    await inDb('terminal_commands').insertOne(put);
    await f.send('restart');
    f.trailFails = true;
    expect(await kindsHandedOut()).toEqual(['restart']);
    expect(await stateOf(put._id)).toEqual(['queued', undefined]);
    f.trailFails = false;
    await f.beat();
    expect(await stateOf(put._id)).toEqual(['cancelled', 'command.forged']);
  });

  it('is not one that was taken back, once it waits again', async () => {
    const key = randomUUID();
    await f.send('block', { key });
    await f.calls.call('post', `/v1/admin/commands/${key}/cancel`);
    await change(key, { state: 'queued' });
    expect(await kindsHandedOut()).toEqual([]);
  });
});

describe('a batch that nobody gave', () => {
  const put = (more: Record<string, unknown> = {}): Promise<unknown> => {
    const { terminalId: _, ...rest } = forged({ state: 'making', cursor: '', terminals: 0 });
    return inDb('command_batches').insertOne({
      ...{ ...rest, target: { org: PROVINCE }, orgPath: [PROVINCE], ...more },
    });
  };
  const give = async (target: object = {}): Promise<string> => {
    const body = { key: randomUUID(), kind: 'reload-content', reason, target };
    return String((await f.calls.call('post', '/v1/admin/fleet/batches', { body })).body['id']);
  };
  const make = async (): Promise<void> => {
    while ((await f.keeper.make()) > 0) continue;
  };
  const states = async (): Promise<unknown[]> =>
    (await inDb('command_batches').find().sort({ issuedAt: 1 }).toArray()).map(({ state }) => state);

  it('and that was put into the database makes no command, is told of, and holds up no other', async () => {
    await put();
    await give();
    await make();
    expect(await kindsHandedOut()).toEqual(['reload-content']);
    expect(await states()).toEqual(['cancelled', 'made']);
    expect(f.recorded).toEqual(['command.batch', 'command.refuse']);
    expect(f.trail.at(-1)).toMatchObject({ data: { kind: 'block', issuedBy: 'anna', why: 'unsigned' } });
  });

  it.each<[string, Record<string, unknown>]>([
    ['of another kind', { kind: 'block' }],
    ['for more', { target: { org: PROVINCE } }],
    ['by somebody else', { issuedBy: 'carl' }],
    ['for another reason', { reason: 'because' }],
    ['that ends later', { expiresAt: new Date(4e12) }],
  ])('is not made of one that somebody gave, %s', async (_, more) => {
    const key = await give({ org: '650100' });
    await inDb('command_batches').updateOne({ _id: key }, { $set: more });
    await make();
    expect(await kindsHandedOut()).toEqual([]);
    expect(await states()).toEqual(['cancelled']);
    expect(f.trail.at(-1)).toMatchObject({ target: key, data: { why: 'differs' } });
  });

  it.each<[string, Record<string, unknown>]>([
    ['no target', { target: null }],
    ['a number that is none', { _id: { of: 'nothing' } }],
    ['no time', { issuedAt: null, expiresAt: 'never' }],
  ])('holds up no other with %s', async (_, more) => {
    await put(more);
    await give();
    await make();
    expect(await kindsHandedOut()).toEqual(['reload-content']);
    expect(await states()).toEqual(['cancelled', 'made']);
  });

  it('brings no command by one that is put beside its own', async () => {
    await f.enrol(2, { path: [PROVINCE, '653100', 'c0000000000000002'] });
    const key = await give({ org: '653100' });
    await make();
    await inDb('terminal_commands').insertOne(
      forged({ _id: `${key}.${HERE}`, batch: key, kind: 'reload-content' }),
    );
    await f.send('restart');
    expect(await kindsHandedOut()).toEqual(['restart']);
    expect(URUMQI).not.toContain('653100');
  });
});
