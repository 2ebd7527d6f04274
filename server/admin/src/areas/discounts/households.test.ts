import { expect, it } from 'vitest';
import { householdsOf } from './households.ts';

it('households are read line by line, as they are typed or come from a sheet, and what is none is named', () => {
  const text = '650100000017 elderly,low-income\n\n650100000025\t \n6501-33 elderly\n7 天山 x';
  expect(householdsOf(text)).toEqual({
    households: [
      { customerNo: '650100000017', tags: ['elderly', 'low-income'] },
      { customerNo: '650100000025', tags: [] },
    ],
    wrong: [4, 5],
  });
});
