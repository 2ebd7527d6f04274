import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { DepositBooks } from './deposit-books.ts';

let t: TestContext;
let books: DepositBooks;
beforeAll(async () => {
  t = await openTestContext();
  books = new DepositBooks(t.db);
});
afterAll(() => t.close());

const AT = new Date('2026-03-05T04:00:00Z');

it('are begun once, whoever begins them at the same moment', async () => {
  expect(await books.get('g')).toBeNull();
  const [one, two] = await Promise.all([books.open('g', AT), books.open('g', new Date(AT.getTime() + 1))]);
  expect(one).toEqual(two);
  expect(await books.open('g', new Date())).toEqual({
    _id: 'g',
    since: one.since,
    through: '',
    throughFen: 0,
  });
});

it('start once, sum further only from where they are, and keep the last comparison', async () => {
  const book = await books.open('h', AT);
  await books.start('h', 100);
  await books.start('h', 200);
  await books.sum(book, { day: '2026-03-06', fen: 5 });
  await books.sum(book, { day: '2026-03-07', fen: 9 });
  const last = { at: AT, gridFen: 1, booksFen: 2, underWayFen: 3, timesOff: 4 };
  await books.compared('h', last);
  expect(await books.get('h')).toEqual({
    ...{ _id: 'h', since: AT, startFen: 100, through: '2026-03-06', throughFen: 5, last },
  });
});
