import { describe, expect, it } from 'vitest';
import type { Diagnostics } from '../../api/diagnostics.ts';
import type { TerminalSupport } from '../../api/support.ts';
import { openSupport, packSupport } from './archive.ts';
import { findingsOf } from './findings.ts';

const MACHINE: Diagnostics = {
  ...{ at: '2026-03-01T00:00:00.000Z', fingerprint: 'abc', terminalId: null, uptimeS: 1, readers: [] },
  versions: { app: '1.0.0', node: null, electron: null, chromium: null, system: 'Android 5.1' },
  server: { link: 'online', lastAnswerAt: null, roundTripMs: null, skewMs: 0 },
  ...{ disk: { freeMb: 4_000, totalMb: 8_000 }, journal: { entries: 0, undelivered: 0 } },
  ...{ screen: { name: 'none', problem: null }, faults: [] },
};

/** Of a box, which is its report: what is named by its bytes alone. */
function named(machine: Partial<Diagnostics>): string[] {
  const parts: TerminalSupport = {
    ...{ kind: 'box', at: MACHINE.at, version: '1.0.0', machine: { ...MACHINE, ...machine } },
    ...{ system: null, settings: [], readers: null, journal: null, lines: [], log: [] },
  };
  return findingsOf(openSupport(packSupport(parts)).parts).map(({ id, of }) => `${id}: ${of}`);
}

describe('the archive of a box', () => {
  it.each<[string, Partial<Diagnostics>, string[]]>([
    ['nothing where nothing is wrong', {}, []],
    ['a journal that cannot be read', { journal: null }, ['journal.unreadable: ']],
    [
      'writes that the server has not heard of',
      { journal: { entries: 3, undelivered: 2 } },
      ['journal.undelivered: 2'],
    ],
    ['a disk that is full', { disk: { freeMb: 3, totalMb: 8_000 } }, ['disk.full: 3 MB']],
    [
      'a clock that is wrong',
      { server: { ...MACHINE.server, skewMs: 7_200_000 } },
      ['clock.wrong: 7200 s beside server'],
    ],
    [
      'a screen that stands on a problem',
      { screen: { name: 'problem', problem: 'card.unknown' } },
      ['terminal.stopped: card.unknown'],
    ],
  ])('names %s', (_, machine, findings) => {
    expect(named(machine)).toEqual(findings);
  });
});
