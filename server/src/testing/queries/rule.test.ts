import { describe, expect, it } from 'vitest';
import { answerOf, type Index } from './rule.ts';
import { shapesOf } from './shape.ts';
import { shapeFrom, textOf } from './shape-text.ts';

const by = (text: string, ...indexes: Index[]): string => answerOf(shapeFrom(text), indexes).by;

describe('what a command asks', () => {
  it.each([
    [
      'find',
      {
        find: 'orders',
        filter: { dueShard: 3, dueAt: { $lte: new Date(0) } },
        sort: new Map([['dueAt', 1]]),
        limit: 5,
      },
      'orders where dueAt<> & dueShard= sort dueAt limit',
    ],
    ['find', { find: 'orders', filter: {} }, 'orders'],
    [
      'find',
      {
        find: 'orders',
        filter: { state: { $in: ['paid'] }, meterNo: { $ne: '' }, orgPath: { $all: ['a', 'b'] } },
      },
      'orders where meterNo~ & orgPath= & state in',
    ],
    [
      'find',
      {
        find: 'x',
        filter: { a: { $exists: true }, b: null, c: /^x/, d: /x/, e: { $elemMatch: { f: 1 } }, g: { h: 1 } },
      },
      'x where a? & b~ & c<> & d~ & e.f= & g=',
    ],
    [
      'find',
      { find: 'x', filter: { $and: [{ a: { $gt: 1 } }, { a: 2 }], $or: [{ b: 1 }, { c: { $lt: 1 } }] } },
      'x where a= & any(b= | c<>)',
    ],
    [
      'aggregate',
      {
        aggregate: 'x',
        pipeline: [{ $match: { a: 1 } }, { $sort: { b: -1 } }, { $limit: 2 }, { $group: { _id: '$c' } }],
      },
      'x where a= sort -b limit',
    ],
    ['aggregate', { aggregate: 'x', pipeline: [{ $group: { _id: '$c' } }, { $match: { a: 1 } }] }, 'x'],
    ['findAndModify', { findAndModify: 'x', query: { a: 1 }, sort: { b: 1 } }, 'x where a= sort b limit'],
    ['delete', { delete: 'x', deletes: [{ q: { a: { $lt: 1 } }, limit: 0 }] }, 'x where a<>'],
    ['distinct', { distinct: 'x', key: 'a', query: { b: 1 } }, 'x where b='],
  ])('%s', (name, command, text) => {
    const shapes = shapesOf(name, command);
    expect(shapes.map(textOf)).toEqual([text]);
    expect(textOf(shapeFrom(text))).toBe(text);
  });

  it('is nothing where it asks nothing', () => {
    expect(shapesOf('insert', { insert: 'x', documents: [{}] })).toEqual([]);
    expect(shapesOf('getMore', { getMore: 1n, collection: 'x' })).toEqual([]);
    expect(shapesOf('hello', { hello: 1 })).toEqual([]);
  });

  it('is each of several updates', () => {
    const updates = [{ q: { a: 1 } }, { q: { b: { $gt: 1 } }, multi: true }];
    expect(shapesOf('update', { update: 'x', updates }).map(textOf)).toEqual([
      'x where a= limit',
      'x where b<>',
    ]);
  });
});

describe('which index serves', () => {
  const due: Index = { key: { dueShard: 1, dueAt: 1 }, sparse: true };

  it('equal, then the order, then the range', () => {
    expect(by('x where a= & c<> sort b limit', { key: { a: 1, b: 1, c: 1 } })).toBe('index');
    expect(by('x where a= & b<> sort b', { key: { a: 1, b: 1 } })).toBe('index');
    expect(by('x where a= & b<> sort c', { key: { a: 1, b: 1, c: 1 } })).toBe('sorts');
    expect(by('x where a= & b= sort c', { key: { b: 1, a: 1, c: 1 } })).toBe('index');
  });

  it('nothing, where its first field is not asked for', () => {
    expect(by('x where b=', { key: { a: 1, b: 1 } })).toBe('scans');
    expect(by('x where a~', { key: { a: 1 } })).toBe('scans');
    expect(by('x')).toBe('scans');
    expect(by('x sort b', { key: { b: 1 } })).toBe('scans');
  });

  it('the first so many in its order', () => {
    expect(by('x sort b limit', { key: { b: -1 } })).toBe('index');
    expect(by('x sort b,-c limit', { key: { b: -1, c: 1 } })).toBe('index');
    expect(by('x sort b,c limit', { key: { b: -1, c: 1 } })).toBe('scans');
    expect(by('x limit')).toBe('index');
    expect(by('x where a= sort b limit', { key: { b: -1 } })).toBe('scans');
  });

  it('one document by all of a unique key, whatever the order', () => {
    expect(by('x where a= & b= sort c', { key: { a: 1, b: 1 }, unique: true })).toBe('index');
    expect(by('x where _id= & b~ sort c')).toBe('index');
  });

  it('a sparse one only for who asks that the field is there', () => {
    expect(by('x where dueAt<> & dueShard= sort dueAt', due)).toBe('index');
    expect(by('x where dueShard?', due)).toBe('index');
    expect(by('x where dueShard~', due)).toBe('scans');
    expect(by('x sort dueShard limit', due)).toBe('scans');
  });

  it('alternatives, where each has its own', () => {
    expect(by('x where any(a= | b=)', { key: { a: 1 } }, { key: { b: 1 } })).toBe('index');
    expect(by('x where any(a= | c=)', { key: { a: 1 } }, { key: { b: 1 } })).toBe('scans');
    expect(by('x where any(a= | b=) sort c', { key: { a: 1 } }, { key: { b: 1 } })).toBe('sorts');
    expect(by('x where _id= & any(a= | c=)')).toBe('index');
  });

  it('the one that uses the most of the query', () => {
    const wide: Index = { key: { a: 1, b: 1 } };
    expect(answerOf(shapeFrom('x where a= & b='), [{ key: { a: 1 } }, wide]).index).toBe(wide);
  });
});
