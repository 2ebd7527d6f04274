import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import type { Permission } from '../kernel/permissions.ts';
import { codeOf } from '../testing/problem-code.ts';
import { Checkers } from './checkers.ts';
import { Settling, SETTLING_MS } from './settling.ts';
import type { AccessMarkStore } from './store/marks.ts';
import type { Role, User } from './store/users.ts';

const KASHGAR = ['province', '653100'];
const HOTAN = ['province', '653200'];
const clock = new ManualClock();
const ROLES: Role[] = [
  { _id: 'administrator', permissions: ['user:manage', 'refund:approve', 'approval:decide', 'org:manage'] },
  { _id: 'finance', permissions: ['refund:approve'] },
  { _id: 'helper', permissions: ['user:manage'] },
  { _id: 'decides', permissions: ['approval:decide'] },
];

function user(name: string, roles: string[], over: Partial<User> = {}): User {
  const at = new Date(clock.now() - 10 * SETTLING_MS);
  return { _id: name, name, passwordHash: '', roles, status: 'active', createdAt: at, ...over };
}
const at = (path: string[]): Partial<User> => ({ scope: path.at(-1) ?? '', orgPath: path });

function checkersOf(users: User[], installed = new Date(0)): Checkers {
  const marks = { get: () => Promise.resolve({ _id: 'installed', at: installed }) };
  const settling = new Settling({ marks: marks as unknown as AccessMarkStore, clock });
  const needed = new Set<Permission>(['user:manage', 'refund:approve', 'approval:decide']);
  return new Checkers({
    users: {
      active: () => Promise.resolve(users.filter(({ status }) => status === 'active')),
      roles: () => Promise.resolve(ROLES),
    },
    settling,
    needed: () => needed,
  });
}

describe('the last other person who may allow something', () => {
  const anna = user('anna', ['administrator']);
  const boris = user('boris', ['administrator']);
  const isLast = (all: User[], of: User) => checkersOf(all).isLast(of, 'anna');

  it('is whoever alone may, besides the one who asks', async () => {
    expect(await isLast([anna, boris], boris)).toBe(true);
    expect(await isLast([anna, boris, user('carla', ['administrator'])], boris)).toBe(false);
    // Carla allows refunds, and nobody but boris users.
    expect(await isLast([anna, boris, user('carla', ['finance'])], boris)).toBe(true);
    const carla = user('carla', ['helper']);
    expect(await isLast([anna, boris, carla], carla)).toBe(false);
  });

  it('is not made up for by somebody who is new, shut out, elsewhere, or may not decide', async () => {
    const fresh = user('carla', ['administrator'], { activeSince: new Date(clock.now() - SETTLING_MS / 2) });
    expect(await isLast([anna, boris, fresh], boris)).toBe(true);
    expect(await checkersOf([anna, boris, fresh], new Date(clock.now())).isLast(boris, 'anna')).toBe(false);
    const given = [{ role: 'administrator', at: new Date(clock.now() - 1) }];
    expect(await isLast([anna, boris, user('dan', ['administrator'], { rolesSince: given })], boris)).toBe(
      true,
    );
    expect(await isLast([anna, boris, user('eve', ['administrator'], { status: 'disabled' })], boris)).toBe(
      true,
    );
    expect(await isLast([anna, boris, user('fay', ['administrator'], at(KASHGAR))], boris)).toBe(true);
    expect(await isLast([anna, boris, user('gil', ['helper'])], boris)).toBe(true);
    expect(await isLast([anna, boris, user('hua', ['helper', 'decides', 'finance'])], boris)).toBe(false);
  });

  it('is not taken from an organisation by moving that', async () => {
    const local = user('li', ['administrator'], at(KASHGAR));
    const move = (all: User[]) =>
      codeOf(checkersOf(all).refuseMove([...KASHGAR, 'c1'], [...HOTAN, 'c1'], 'anna'));
    expect(await move([anna, local])).toBe('user.last-checker');
    expect(await move([anna, boris, local])).toBe('none');
    expect(await move([anna, local, user('wang', ['administrator'], at(HOTAN))])).toBe('none');
    expect(await move([anna])).toBe('none');
  });
});
