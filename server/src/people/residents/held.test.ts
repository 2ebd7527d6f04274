import { expect, it } from 'vitest';
import { isAnothers } from './held.ts';

const held = (name: string, holder?: string) => ({
  masked: { name, address: '', customerNo: '' },
  ...(holder === undefined ? {} : { holder }),
});

it.each([
  ['told alike, whatever the name', held('张*', 'a'), held('李*', 'a'), { byName: true, is: false }],
  ['told otherwise, whatever the name', held('张*', 'a'), held('张*', 'b'), { byName: false, is: true }],
  ['told for the first time, by the same name', held('张*'), held('张*', 'a'), { byName: false, is: false }],
  ['told for the first time, by another name', held('张*'), held('李*', 'a'), { byName: false, is: true }],
  ['not told any more, by another name', held('张*', 'a'), held('李*'), { byName: false, is: false }],
  ['never told, by another name', held('张*'), held('李*'), { byName: false, is: false }],
  ['never told, by another name, where names decide', held('张*'), held('李*'), { byName: true, is: true }],
  ['never told, by the same name', held('张*'), held('张*'), { byName: true, is: false }],
])('a holder that is %s', (_, kept, now, { byName, is }) => expect(isAnothers(kept, now, byName)).toBe(is));
