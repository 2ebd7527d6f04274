import { describe, expect, it } from 'vitest';
import { scopeOf, WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { TerminalStore } from '../store/terminals.ts';
import { TestTerminal } from '../../testing/terminal.ts';
import { versionCountsOf } from './version-counts.ts';
import { Cohorts } from './cohorts.ts';
import {
  KASHI,
  KIOSK_BEATS_MS,
  URUMQI,
  eachBeatingFleet,
  says,
  terminalNo,
} from '../../testing/beating-fleet.ts';

describe('terminals of one kind, version, reader and place', () => {
  const fleet = eachBeatingFleet();

  it('is told apart by what it runs on', async () => {
    const keeper = fleet.current.keeper();
    const at = { kind: 'kiosk', orgPath: URUMQI } as const;
    const faulty = says('1.0.0', { 'reader.timeout': 2 });
    await fleet.current.board.beat(terminalNo(1), at, { ...faulty, platform: 'windows' });
    await fleet.current.board.beat(terminalNo(2), at, { ...says('1.0.0'), platform: 'linux' });
    await fleet.current.board.beat(terminalNo(3), at, { ...says('1.0.0'), platform: 'linux' });
    await fleet.current.board.beat(terminalNo(4), at, says('1.0.0'));
    await keeper.round();
    const { cohorts } = await new Cohorts(fleet.current.inService()).of(WHOLE_PROVINCE);
    const told = cohorts.map(({ platform, terminals, faults }) => [platform, terminals, faults.length]);
    // Among equals the order is the database's.
    const byName = <T extends readonly unknown[]>(rows: readonly T[]): T[] =>
      rows.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));
    expect(byName(told)).toEqual([
      ['linux', 2, 0],
      [null, 1, 0],
      ['windows', 1, 1],
    ]);
    const counts = versionCountsOf(cohorts).map(({ platform, terminals }) => [platform, terminals]);
    expect(byName(counts)).toEqual([
      ['linux', 2],
      [null, 1],
      ['windows', 1],
    ]);
  });

  it('does not miss those that were cut off', async () => {
    const keeper = fleet.current.keeper();
    for (const no of [1, 2])
      await fleet.current.board.beat(terminalNo(no), { kind: 'kiosk', orgPath: URUMQI }, says('1.0.0'));
    await keeper.round();
    await fleet.current.pass(20 * KIOSK_BEATS_MS);
    const countedBut = async (...out: string[]) =>
      (await new Cohorts(fleet.current.inService(...out)).of(WHOLE_PROVINCE)).cohorts.map(
        ({ presence }) => presence.missing,
      );
    expect(await countedBut()).toEqual([2]);
    expect(await countedBut(terminalNo(1))).toEqual([1]);
    expect(await countedBut(terminalNo(1), terminalNo(2))).toEqual([]);
    const terminals = new TerminalStore(fleet.current.t.db);
    for (const [no, to] of (['rejected', 'suspended', 'retired', 'accepted'] as const).entries()) {
      const { signKey, sealKey } = await TestTerminal.create(fleet.current.clock).then((keys) => ({
        ...{ signKey: keys.sign.publicJwk, sealKey: keys.seal.publicJwk },
      }));
      const enrolledAt = new Date(fleet.current.clock.now());
      const enrolled = {
        _id: terminalNo(no),
        signKey,
        sealKey,
        kind: 'kiosk',
        name: 'k',
        version: '1',
        enrolledAt,
      } as const;
      await terminals.enrol(enrolled);
      await terminals.decide({ id: terminalNo(no), from: ['pending'], to, by: 'a test', at: enrolledAt });
      await terminals.place(terminalNo(no), { _id: 'c1', path: no === 2 ? KASHI : URUMQI });
    }
    expect([...(await terminals.outOfService(WHOLE_PROVINCE))].sort()).toEqual([
      terminalNo(0),
      terminalNo(1),
      terminalNo(2),
    ]);
    expect([...(await terminals.outOfService(scopeOf('650100')))].sort()).toEqual([
      terminalNo(0),
      terminalNo(1),
    ]);
    expect(await terminals.cutOffSince(new Date(0))).toEqual(
      new Map([
        [terminalNo(0), 'rejected'],
        [terminalNo(1), 'suspended'],
        [terminalNo(2), 'retired'],
      ]),
    );
  });

  it('shows a fault first in the version, reader and place that has it', async () => {
    const keeper = fleet.current.keeper();
    for (let no = 0; no < 4; no += 1) {
      await fleet.current.board.beat(terminalNo(no), { kind: 'kiosk', orgPath: URUMQI }, says('1.0.0'));
    }
    await fleet.current.pass(5 * KIOSK_BEATS_MS);
    await fleet.current.board.beat(
      terminalNo(4),
      { kind: 'kiosk', orgPath: KASHI },
      says('1.1.0', { 'reader.timeout': 3 }),
    );
    await fleet.current.board.beat(
      terminalNo(4),
      { kind: 'kiosk', orgPath: KASHI },
      says('1.1.0', { 'reader.timeout': 2 }),
    );
    await fleet.current.board.beat(terminalNo(0), { kind: 'kiosk', orgPath: URUMQI }, says('1.0.0'));
    while ((await keeper.round()) > 0) continue;
    const cohorts = new Cohorts(fleet.current.inService());
    const { cohorts: all } = await cohorts.of(WHOLE_PROVINCE);
    const same = { kind: 'kiosk', platform: null, reader: 'ACR39U' };
    expect(all).toEqual([
      {
        ...{ ...same, version: '1.0.0', org: '650100', terminals: 4, faults: [] },
        presence: { online: 1, late: 3, missing: 0, unknown: 0 },
        blocked: 0,
      },
      {
        ...{ ...same, version: '1.1.0', org: '653100', terminals: 1 },
        presence: { online: 1, late: 0, missing: 0, unknown: 0 },
        blocked: 0,
        faults: [{ code: 'reader.timeout', count: 5 }],
      },
    ]);
    const inKashi = await cohorts.of(scopeOf('653100'));
    expect(inKashi.cohorts.map(({ version }) => version)).toEqual(['1.1.0']);
    // Half a minute old at most.
    fleet.current.clock.jump(25_000);
    expect((await cohorts.of(WHOLE_PROVINCE)).at).toBe(fleet.current.clock.now() - 25_000);
    fleet.current.clock.jump(6_000);
    expect((await cohorts.of(WHOLE_PROVINCE)).at).toBe(fleet.current.clock.now());
    fleet.current.clock.jump(25 * 3_600_000);
    expect((await cohorts.of(scopeOf('653100'))).cohorts[0]?.faults).toEqual([]);
  });
});
