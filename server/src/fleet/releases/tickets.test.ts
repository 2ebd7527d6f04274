import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { expect, it } from 'vitest';
import { KeyRing } from '../../kernel/key-ring.ts';
import { ReleaseTickets } from './tickets.ts';

const [ONE, TWO] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const clock = new ManualClock();

it('a ticket opens wherever its secret is, and nowhere else', () => {
  const ring = new KeyRing(
    new Map([
      [1, ONE],
      [2, TWO],
    ]),
  );
  ring.sealWith(2);
  const before = new ReleaseTickets({ secret: ONE, clock });
  const both = new ReleaseTickets({ secret: ring, clock });
  const ticket = { releaseId: 'box@1.0.0', community: 'c' };
  expect(both.open(before.issue('box@1.0.0', ['xj', 'c']))).toEqual(ticket);
  const newer = both.issue('box@1.0.0', ['xj', 'c']);
  expect(both.open(newer)).toEqual(ticket);
  expect(before.open(newer)).toBeUndefined();
});
