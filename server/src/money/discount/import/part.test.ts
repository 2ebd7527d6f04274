import { describe, expect, it } from 'vitest';
import { NORTH, sampleOrgs, SOUTH, URUMQI } from '../../../testing/memory-orgs.ts';
import { linesOf } from './lines.ts';
import { rowsOf } from './part.ts';
import { Places } from './places.ts';

async function partOf(
  lines: readonly string[],
  key: Parameters<typeof rowsOf>[1]['key'] = (_, no) => `k${no}`,
) {
  const places = new Places(await sampleOrgs().within('province'));
  return rowsOf(linesOf(Buffer.from(lines.join('\n')), 1), { places, key, grid: 'g' });
}

describe('what a part comes to', () => {
  it('is a row a household, by its digest, and how many there are of each organisation and tag', async () => {
    const { rows, ...counts } = await partOf([`1,${NORTH},a b`, `2,${SOUTH},a`, `3,${NORTH},`]);
    expect(rows).toEqual([
      { key: 'k1', community: NORTH, tags: ['a', 'b'] },
      { key: 'k2', community: SOUTH, tags: ['a'] },
      { key: 'k3', community: NORTH, tags: [] },
    ]);
    expect(counts).toEqual({
      ...{ repeated: 0, troubles: [], communities: { [NORTH]: 2, [SOUTH]: 1 }, tags: { a: 2, b: 1 } },
    });
  });

  it('has the later of two lines about one household, and says that there were two', async () => {
    const part = await partOf([`1,${NORTH},a`, `2,${NORTH},a`, `1,${SOUTH},b`]);
    expect(part.rows).toHaveLength(2);
    expect(part.rows).toContainEqual({ key: 'k1', community: SOUTH, tags: ['b'] });
    expect(part).toMatchObject({
      repeated: 1,
      communities: { [NORTH]: 1, [SOUTH]: 1 },
      tags: { a: 1, b: 1 },
    });
  });

  it('has the names of a household under other versions of the key, where there are any', async () => {
    const key = Object.assign((_: string, no: string) => `k${no}`, {
      former: (_: string, no: string) => [`old${no}`],
    });
    expect((await partOf([`1,${NORTH},`], key)).rows).toEqual([
      { key: 'k1', former: ['old1'], community: NORTH, tags: [] },
    ]);
  });

  it('says in the order of lines what cannot be taken', async () => {
    const { rows, troubles } = await partOf([`1,nowhere,`, `?,${NORTH},`, `1,${NORTH},`]);
    expect([rows.length, troubles]).toEqual([
      1,
      [
        { line: 2, what: 'organisation' },
        { line: 3, what: 'number' },
      ],
    ]);
  });

  it('is as good for many', async () => {
    const lines = Array.from({ length: 2_000 }, (_, n) => `${n},${NORTH},`);
    expect((await partOf(lines)).rows.map(({ key }) => key)).toEqual(lines.map((_, n) => `k${n}`));
  });
});

describe('an organisation', () => {
  const org = (_id: string, zh: string, en: string) => ({
    ...{ _id, kind: 'community' as const, names: { 'zh-CN': zh, en }, parent: URUMQI, path: [], version: 1 },
  });
  const places = new Places([org('a1', '北', 'North'), org('b2', '南', 'North'), org('c3', 'same', 'same')]);

  it('is named by its id or by its whole name in any language', () => {
    expect(['a1', '北', '南', 'same'].map((text) => places.idOf(text))).toEqual([
      ...[{ id: 'a1' }, { id: 'a1' }, { id: 'b2' }, { id: 'c3' }],
    ]);
  });

  it('is not guessed where two have the name, or none has', () => {
    expect([places.idOf('North'), places.idOf('Nor'), places.idOf('')]).toEqual([
      { why: 'two-organisations' },
      { why: 'organisation' },
      { why: 'organisation' },
    ]);
  });
});
