import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import type { TerminalStatus } from '../store/terminals.ts';
import { BEAT_KEY_TTL_S } from './beat-keys.ts';
import { CutOff } from './cut-off.ts';

function rig() {
  const clock = new ManualClock();
  const asked: Date[] = [];
  const statuses = new Map<string, TerminalStatus>([
    ['t1', 'rejected'],
    ['t3', 'suspended'],
    ['t4', 'retired'],
  ]);
  const store = {
    cutOffSince: (at: Date) => {
      asked.push(at);
      return Promise.resolve(new Map(statuses));
    },
  };
  return { clock, asked, statuses, cutOff: new CutOff({ store, clock }) };
}

describe('who is cut off', () => {
  it('is known after it was asked, and no terminal may speak before', async () => {
    const { cutOff } = rig();
    const codeOf = (id: string): unknown => {
      try {
        cutOff.assertNot(id);
        return 'may speak';
      } catch (error) {
        return (error as { code: unknown }).code;
      }
    };
    expect(codeOf('t2')).toBe('server.unavailable');
    expect(await cutOff.refresh()).toBe(3);
    expect(['t1', 't2', 't3', 't4'].map(codeOf)).toEqual([
      ...['terminal.rejected', 'may speak', 'terminal.suspended', 'terminal.retired'],
    ]);
  });

  it('is asked for as far back as a key could still be good, clocks that differ by a minute included', async () => {
    const { asked, clock, cutOff } = rig();
    await cutOff.refresh();
    expect(asked).toEqual([new Date(clock.now() - (BEAT_KEY_TTL_S + 60) * 1000)]);
  });

  it('is believed for half a minute without word from the database', async () => {
    const { clock, cutOff } = rig();
    await cutOff.refresh();
    clock.jump(30_000);
    expect(() => {
      cutOff.assertNot('t2');
    }).not.toThrow();
    clock.jump(1);
    expect(() => {
      cutOff.assertNot('t2');
    }).toThrow(/cannot be read/);
  });

  it('may be let in again', async () => {
    const { statuses, cutOff } = rig();
    await cutOff.refresh();
    statuses.delete('t1');
    await cutOff.refresh();
    expect(() => {
      cutOff.assertNot('t1');
    }).not.toThrow();
  });
});
