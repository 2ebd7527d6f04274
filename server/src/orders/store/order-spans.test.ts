import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstOrderNo, madeAt } from '../model/order-no.ts';
import { spansBack } from './order-spans.ts';

const NOW = new Date('2026-11-20T04:00:00Z');
const moment = fc.date({ min: new Date('2020-01-01'), max: new Date('2027-01-01'), noInvalidDate: true });
const number = moment.map(firstOrderNo);
const edge = fc.option(number, { nil: undefined });

describe('a span in parts', () => {
  it('is whole: each part begins where the one before it ended, from its end to its beginning', () => {
    fc.assert(
      fc.property(edge, edge, fc.option(moment, { nil: undefined }), (from, to, near) => {
        const parts = [...spansBack({ from, to }, near)];
        expect(parts[0]?.to).toBe(to);
        expect(parts.at(-1)?.from).toBe(from);
        for (const [at, part] of parts.slice(1).entries()) expect(part.to).toBe(parts[at]?.from);
        expect(parts.length).toBeLessThanOrEqual(8);
      }),
    );
  });

  it('begins with an hour and grows fourfold', () => {
    const hours = [...spansBack({}, NOW)].map(({ from }) =>
      from === undefined ? undefined : (NOW.getTime() - (madeAt(from)?.getTime() ?? 0)) / 3_600_000,
    );
    expect(hours).toEqual([1, 5, 21, 85, 341, 1365, 5461, undefined]);
  });

  it('begins at its end where that is earlier than now', () => {
    const to = firstOrderNo(new Date('2026-03-01T00:00:00Z'));
    expect([...spansBack({ to }, NOW)][0]).toEqual({
      from: firstOrderNo(new Date('2026-02-28T23:00:00Z')),
      to,
    });
  });

  it.each([
    ['no end and no time are known', {}, undefined],
    ['its end is no number of an order', { from: '260301100000888881', to: '2603011000008888810' }, NOW],
  ])('stays one where %s', (_, span, near) => expect([...spansBack(span, near)]).toEqual([span]));
});
