import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import type { User } from '../../access/store/users.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { memoryRedis } from '../../testing/memory-redis.ts';
import { codeOf } from '../../testing/problem-code.ts';
import { HERE } from '../../testing/staff-members.ts';
import { ShiftTickets } from './shift-tickets.ts';

const AFTER_MS = 300_000;
const HOUR_MS = 3_600_000;
const SHIFT = { id: 's1', float: 'tianshan-1' };

let clock: ManualClock;
let users: Map<string, User>;
let tried: string[];
let tickets: ShiftTickets;
let ticket: string;
const user = (id: string, over: Partial<User> = {}): User => ({
  ...{ _id: id, name: `name-${id}`, passwordHash: '', roles: [], status: 'active', createdAt: new Date(0) },
  ...over,
});
beforeEach(async () => {
  clock = new ManualClock(Date.parse('2026-03-01T00:00:00Z'));
  users = new Map([['u1', user('u1')]]);
  tried = [];
  tickets = new ShiftTickets({
    ...{ redis: memoryRedis(), clock, pin: { afterMs: AFTER_MS, aboveFen: 50_000 } },
    users: { get: (id) => Promise.resolve(users.get(id) ?? null) },
    pins: {
      check: (who, pin, { terminalId }) => {
        tried.push(`${who} ${terminalId}`);
        const found = [...users.values()].find(({ name }) => name === who);
        if (found !== undefined && pin === '274913') return Promise.resolve(found);
        return Promise.reject(new ProblemError({ code: 'float.bad-pin', message: 'Wrong.' }));
      },
    },
  });
  ticket = await tickets.issue({ staff: 'u1', terminalId: 'T1', shift: SHIFT });
});

const use = (terminalId = 'T1') => tickets.use({ terminalId, ticket });
const renew = (pin = '274913', terminalId = 'T1') => tickets.renew({ terminalId, ticket }, pin, HERE);

describe('a shift’s ticket', () => {
  it('says whose it is, at its terminal alone', async () => {
    expect(await use()).toEqual({ staff: user('u1'), shift: SHIFT });
    expect(await codeOf(use('T2'))).toBe('staff.session-over');
    expect(await tickets.use({ terminalId: 'T1', ticket: 'of another kind' })).toBeNull();
  });

  it('wants the PIN again once it lay unused for five minutes, and each use counts', async () => {
    for (let n = 0; n < 5; n += 1) {
      clock.jump(AFTER_MS - 1);
      expect(await use()).toMatchObject({ shift: SHIFT });
    }
    clock.jump(AFTER_MS);
    expect(await codeOf(use())).toBe('staff.pin-needed');
    expect(await codeOf(use())).toBe('staff.pin-needed');
    expect(await codeOf(tickets.useAtEnd({ terminalId: 'T1', ticket }))).toBe('staff.pin-needed');
  });

  it('is good again by their PIN alone, and has lost nothing', async () => {
    clock.jump(HOUR_MS);
    expect(await codeOf(renew('000000'))).toBe('float.bad-pin');
    expect(await codeOf(use())).toBe('staff.pin-needed');
    expect(await renew()).toEqual({ staff: user('u1'), shift: SHIFT });
    expect(await use()).toMatchObject({ shift: SHIFT });
    expect(tried).toEqual(['name-u1 T1', 'name-u1 T1']);
  });

  it('is over after twelve hours, however busy', async () => {
    for (let n = 0; n < 154; n += 1) {
      clock.jump(280_000);
      await use();
    }
    clock.jump(12 * HOUR_MS - 154 * 280_000 - 1);
    expect(await use()).toMatchObject({ shift: SHIFT });
    clock.jump(1);
    expect(await codeOf(use())).toBe('staff.session-over');
    expect(await codeOf(renew())).toBe('staff.session-over');
  });

  it('is over with the account, before a PIN is looked at', async () => {
    users.set('u1', user('u1', { status: 'disabled' }));
    expect(await codeOf(use())).toBe('staff.session-over');
    expect(await codeOf(renew())).toBe('staff.session-over');
    users.clear();
    expect(await codeOf(use())).toBe('staff.session-over');
    expect(tried).toEqual([]);
  });

  it('is no other person’s by that one’s PIN', async () => {
    users.set('u2', user('u2', { name: 'name-u1' }));
    users.set('u1', user('u1', { name: 'name-u1' }));
    users = new Map([...users].reverse());
    expect(await codeOf(renew())).toBe('staff.session-over');
  });

  it('is left, at its terminal alone, and then it is none', async () => {
    await tickets.end({ terminalId: 'T2', ticket });
    expect(await use()).not.toBeNull();
    await tickets.end({ terminalId: 'T1', ticket });
    await tickets.end({ terminalId: 'T1', ticket });
    expect(await use()).toBeNull();
    expect(await codeOf(renew())).toBe('staff.session-over');
    expect(await codeOf(tickets.useAtEnd({ terminalId: 'T1', ticket }))).toBe('staff.session-over');
  });

  it('of a shift that was counted only asks what came of it', async () => {
    await tickets.spend(ticket);
    await tickets.spend('of nobody');
    expect(await use()).toBeNull();
    expect(await codeOf(renew())).toBe('staff.session-over');
    const shown = { terminalId: 'T1', ticket };
    expect(await tickets.useAtEnd(shown)).toEqual({ staff: user('u1'), shift: SHIFT });
    expect(await codeOf(tickets.useAtEnd({ ...shown, terminalId: 'T2' }))).toBe('staff.session-over');
    expect(await codeOf(tickets.useAtEnd({ ...shown, ticket: 'of nobody' }))).toBe('staff.session-over');
  });

  it('is also there for who has no drawer', async () => {
    const other = await tickets.issue({ staff: 'u1', terminalId: 'T1', shift: null });
    expect(await tickets.use({ terminalId: 'T1', ticket: other })).toMatchObject({ shift: null });
    expect(other).not.toBe(ticket);
    expect(tickets.pin).toEqual({ afterMs: AFTER_MS, aboveFen: 50_000 });
  });
});
