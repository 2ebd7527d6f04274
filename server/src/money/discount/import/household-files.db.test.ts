import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mongo } from 'mongoose';
import { MOST_TROUBLES } from '@bianmin/purchase/api/household-file';
import { WHOLE_PROVINCE, scopeOf } from '../../../kernel/scope.ts';
import { openTestContext, type TestContext } from '../../../testing/context.ts';
import { fileOf, partsOf, sha256Of } from '../../../testing/household-file-text.ts';
import { GRID, HouseholdFileWorld } from '../../../testing/household-file-world.ts';
import { NORTH, SOUTH, URUMQI } from '../../../testing/memory-orgs.ts';
import { ANNA, BORIS, HERE, staffMember } from '../../../testing/staff-members.ts';
import { hashOn } from './file-hash.ts';
import { HouseholdFileStore } from './file-store.ts';
import { KEEP_MS } from './fitness.ts';

let t: TestContext;
let w: HouseholdFileWorld;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  w = await HouseholdFileWorld.open(t);
});

const FILE = fileOf([
  `6501000000017,${NORTH},elderly`,
  `6501000000025,${SOUTH},`,
  `6501000000033,北社区,elderly low-income`,
]);
const [FIRST = FILE, SECOND = FILE] = partsOf(FILE, 70);
const begun = (file: Uint8Array, maker = ANNA) =>
  w.files.begin({ bytes: file.length, sha256: sha256Of(file) }, maker);
const refusedFor = (code: string, says = '') => ({ code, message: expect.stringContaining(says) as string });

describe('a file of households that is sent', () => {
  it('says after each part how much is there and how many households', async () => {
    const { _id } = await begun(FILE);
    const one = await w.files.append(_id, { offset: 0, bytes: FIRST }, ANNA);
    expect(one).toMatchObject({ offset: FIRST.length, rows: 1, wrong: 0, lines: 2, status: 'receiving' });
    const two = await w.files.append(_id, { offset: FIRST.length, bytes: SECOND }, ANNA);
    expect(two).toMatchObject({ rows: 2, lines: 3 });
    expect(await w.sent(FILE)).toMatchObject({
      ...{ _id, offset: FILE.length, rows: 3, tags: { elderly: 2, 'low-income': 1 } },
      communities: { [NORTH]: 2, [SOUTH]: 1 },
    });
    expect(await w.db.collection('householdfileparts').countDocuments({})).toBe(3);
  });

  it('takes a part that is sent again as the same, and no other one in its place', async () => {
    const { _id } = await begun(FILE);
    const part = { offset: 0, bytes: FIRST };
    const once = await w.files.append(_id, part, ANNA);
    expect(await w.files.append(_id, part, ANNA)).toEqual(once);
    const both = await Promise.allSettled(
      [0, 1].map(() => w.files.append(_id, { offset: once.offset, bytes: SECOND }, ANNA)),
    );
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    const other = { offset: 0, bytes: Buffer.from(FIRST.toString().replace('elderly', 'veteran')) };
    await expect(w.files.append(_id, other, ANNA)).rejects.toMatchObject(
      refusedFor('discount.file-part', `begins at byte ${FIRST.length + SECOND.length}.`),
    );
    await expect(w.files.append(_id, { offset: 7, bytes: SECOND }, ANNA)).rejects.toMatchObject({
      code: 'discount.file-part',
    });
    expect(await w.sent(FILE)).toMatchObject({ rows: 3, communities: { [NORTH]: 2, [SOUTH]: 1 } });
  });

  it('is one file where two servers take different parts at one place: one of them', async () => {
    const { _id } = await begun(FILE);
    const both = partsOf(FILE, 110);
    const [short = FILE, long = FILE] = [FIRST, both[0]];
    const at = await Promise.allSettled(
      [short, long].map((bytes) => w.files.append(_id, { offset: 0, bytes }, ANNA)),
    );
    expect(at.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await w.sent(FILE)).toMatchObject({ _id, rows: 3 });
    await w.allowedFile(_id);
    await w.carry();
    expect((await w.newest())?.outcome).toEqual({ applied: 3, newer: 0, elsewhere: 0 });
  });

  it('goes on where it was, also for a server that has just begun', async () => {
    const { _id } = await begun(FILE);
    await w.files.append(_id, { offset: 0, bytes: FIRST }, ANNA);
    expect(await begun(FILE)).toMatchObject({ _id, offset: FIRST.length });
    expect(await begun(FILE, BORIS)).toMatchObject({ offset: 0 });
  });

  it('whose server died between a part and its taking takes the part as if nothing had been', async () => {
    const { _id } = await begun(FILE);
    const { take } = HouseholdFileStore.prototype;
    w.store.take = () => Promise.reject(new Error('The process dies.'));
    await expect(w.files.append(_id, { offset: 0, bytes: FIRST }, ANNA)).rejects.toThrow('dies');
    w.store.take = take;
    expect(await w.sent(FILE)).toMatchObject({ _id, rows: 3 });
  });

  it('gives way to another one of the same person', async () => {
    const { _id } = await w.sent(FILE);
    const other = await begun(fileOf([`1,${NORTH},`]));
    expect(other._id).not.toBe(_id);
    expect([await w.store.get(_id), await w.db.collection('householdfileparts').countDocuments({})]).toEqual([
      null,
      0,
    ]);
    await expect(w.files.append(_id, { offset: 0, bytes: FIRST }, ANNA)).rejects.toMatchObject({
      code: 'request.not-found',
    });
  });

  it('is nobody else’s', async () => {
    const { _id } = await begun(FILE);
    const part = { offset: 0, bytes: FIRST };
    await expect(w.files.append(_id, part, BORIS)).rejects.toMatchObject({ code: 'request.not-found' });
    await expect(w.files.finish(_id, 'A reason.', BORIS, HERE)).rejects.toMatchObject({
      code: 'request.not-found',
    });
  });

  it('is begun anew by who was placed elsewhere meanwhile', async () => {
    const { _id } = await w.sent(FILE);
    const moved = staffMember('anna', undefined, scopeOf(URUMQI));
    await expect(w.files.finish(_id, 'A reason.', moved, HERE)).rejects.toMatchObject({
      code: 'request.not-found',
    });
    expect((await begun(FILE, moved))._id).not.toBe(_id);
  });

  it.each([
    ['no bytes', Buffer.alloc(0)],
    ['more than it has', Buffer.concat([FILE, FILE])],
    ['half a line', FILE.subarray(0, 40)],
  ])('refuses a part of %s', async (_, bytes) => {
    const { _id } = await begun(FILE);
    await expect(w.files.append(_id, { offset: 0, bytes }, ANNA)).rejects.toMatchObject({
      code: 'discount.file-part',
    });
    expect(await begun(FILE)).toMatchObject({ _id, offset: 0 });
  });

  it('refuses what has more tags than anybody has rules for', async () => {
    const many = fileOf(Array.from({ length: 201 }, (_, n) => `${n},${NORTH},tag-${n}`));
    await expect(w.sent(many)).rejects.toMatchObject(refusedFor('discount.file-part', '200 different tags'));
  });
});

describe('mistakes in a file', () => {
  const wrong = fileOf([`1,${NORTH},`, ...Array.from({ length: 60 }, () => '2,nowhere,'), `3,${SOUTH},`]);

  it('are counted, and the first are named by their lines', async () => {
    const at = await w.sent(wrong, { most: 200 });
    expect(at).toMatchObject({ rows: 2, wrong: 60 });
    expect(at.troubles).toHaveLength(MOST_TROUBLES);
    expect(at.troubles.at(-1)).toEqual({ line: 2 + MOST_TROUBLES, what: 'organisation' });
    await expect(w.files.finish(at._id, 'A reason.', ANNA, HERE)).rejects.toMatchObject(
      refusedFor('discount.file-unfit', '60 of its lines'),
    );
    expect(await begun(wrong)).toMatchObject({ offset: 0, wrong: 0 });
  });

  it('are organisations of others, too', async () => {
    const ofUrumqi = staffMember('uma', undefined, scopeOf(URUMQI));
    expect(await w.sent(FILE, { maker: ofUrumqi })).toMatchObject({
      ...{ rows: 2, wrong: 1, troubles: [{ line: 3, what: 'organisation' }], orgPath: ['province', URUMQI] },
    });
  });
});

describe('asking for a file', () => {
  it('shows the second person how large it is, its SHA-256, and of whom it is', async () => {
    const asked = await w.asked(FILE);
    const expiresAt = w.clock.now() + KEEP_MS;
    expect(asked).toMatchObject({ kind: 'discount.households-file', status: 'open', orgPath: ['province'] });
    expect(asked.content).toEqual({
      ...{
        fileId: (await w.newest())?._id,
        reason: 'The list of May.',
        bytes: FILE.length,
        sha256: sha256Of(FILE),
      },
      ...{ rows: 3, repeated: 0, goodUntil: new Date(expiresAt - 86_400_000).toISOString() },
      communities: [
        { of: NORTH, rows: 2 },
        { of: SOUTH, rows: 1 },
      ],
      tags: [
        { of: 'elderly', rows: 2 },
        { of: 'low-income', rows: 1 },
      ],
    });
  });

  it('names the twenty tags of most households, and how many more there are', async () => {
    const lines = Array.from({ length: 23 }, (_, n) => `${n},${NORTH},tag-${n}`);
    const { content } = await w.asked(fileOf([...lines, `99,${NORTH},tag-22`]));
    expect(content['tags']).toHaveLength(20);
    expect(content).toMatchObject({ tags: { 0: { of: 'tag-22', rows: 2 } }, tagsMore: 3 });
  });

  it('twice is once', async () => {
    const first = await w.asked(FILE);
    const { _id = '' } = (await w.newest()) ?? {};
    expect(await w.files.finish(_id, 'Said again.', ANNA, HERE)).toMatchObject({ _id: first._id });
    expect(await w.access.approvals.list('open', WHOLE_PROVINCE)).toHaveLength(1);
  });

  it('is refused before all of it is there, of none, and of other bytes than were said', async () => {
    const { _id } = await begun(FILE);
    const finish = (id: string) => w.files.finish(id, 'A reason.', ANNA, HERE);
    await expect(finish(_id)).rejects.toMatchObject(
      refusedFor('discount.file-unfit', `Only 0 of its ${FILE.length}`),
    );
    await expect(finish((await w.sent(fileOf([])))._id)).rejects.toMatchObject(
      refusedFor('discount.file-unfit', 'no household'),
    );
    const said = { bytes: FILE.length, sha256: 'a'.repeat(64) };
    const { _id: other } = await w.files.begin(said, ANNA);
    await w.files.append(other, { offset: 0, bytes: FILE }, ANNA);
    await expect(finish(other)).rejects.toMatchObject(
      refusedFor('discount.file-unfit', 'not the file that was said'),
    );
    // It is sent anew, since nothing mends it.
    expect(await w.files.begin(said, ANNA)).toMatchObject({ offset: 0 });
  });

  it('is refused after it was left for too long, as are its parts', async () => {
    const { _id } = await begun(FILE);
    w.clock.jump(KEEP_MS - 86_400_000);
    await expect(w.files.append(_id, { offset: 0, bytes: FIRST }, ANNA)).rejects.toMatchObject({
      code: 'discount.file-part',
    });
    await expect(w.files.finish(_id, 'A reason.', ANNA, HERE)).rejects.toMatchObject(
      refusedFor('discount.file-unfit', 'left for too long'),
    );
    expect((await begun(FILE))._id).not.toBe(_id);
  });
});

describe('what is kept and logged of a file', () => {
  it('has no customer number anywhere, from the first byte to the last household', async () => {
    const numbers = ['6501000000017', '6501000000025', '6501000000033'];
    const half = fileOf([
      `${numbers[0] ?? ''},nowhere,`,
      `${numbers[1] ?? ''};x,${NORTH},`,
      `${numbers[2] ?? ''},"${NORTH},`,
    ]);
    const texts: string[] = [JSON.stringify(await w.sent(half)), await w.dump()];
    texts.push(JSON.stringify(await w.asked(FILE, { most: 70 })), await w.dump());
    await w.decided((await w.access.approvals.list('open', WHOLE_PROVINCE))[0] ?? { _id: '' });
    await w.carry();
    texts.push(await w.dump(), JSON.stringify(w.lines), JSON.stringify(await w.files.list(WHOLE_PROVINCE)));
    expect(texts.join()).toContain(w.key(GRID, '6501000000017'));
    for (const number of numbers) expect(texts.join()).not.toContain(number);
  });

  it('nor has what SHA-256 has come to, in which the last bytes stand', async () => {
    const number = '6501000000033';
    const bytes = fileOf([`6501000000017,${NORTH},a`, `6501000000025,${NORTH},`, `${number},${NORTH},`]);
    const textOf = (state: Uint8Array): string => Buffer.from(state).toString('latin1');
    expect(textOf(await hashOn(undefined, Buffer.from(number)))).toContain(number);
    const { _id } = await begun(bytes);
    await w.files.append(_id, { offset: 0, bytes }, ANNA);
    const stored = await w.db.collection<{ _id: string; hash: string }>('householdfiles').findOne({ _id });
    const kept = stored?.hash ?? '';
    expect(kept.length).toBeGreaterThan(100);
    const all = Buffer.from(mongo.BSON.serialize(stored ?? {})).toString('latin1');
    expect(all + textOf(Buffer.from(kept, 'base64url'))).not.toContain('65010000000');
    expect((await w.store.get(_id))?.hash).toEqual(await hashOn(undefined, bytes));
  });
});
