import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/shared/testing/manual-clock';
import { BEAT_KEY_TTL_S } from './beat-keys.ts';
import { CutOff } from './cut-off.ts';

function rig() {
  const clock = new ManualClock();
  const asked: Date[] = [];
  const ids = ['t1'];
  const store = {
    cutOffSince: (at: Date) => {
      asked.push(at);
      return Promise.resolve([...ids]);
    },
  };
  return { clock, asked, ids, cutOff: new CutOff({ store, clock }) };
}

describe('who is cut off', () => {
  it('is known after it was asked, and nobody speaks before', async () => {
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
    expect(await cutOff.refresh()).toBe(1);
    expect([codeOf('t1'), codeOf('t2')]).toEqual(['terminal.rejected', 'may speak']);
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
    }).toThrow(/not known/);
  });

  it('may be let in again', async () => {
    const { ids, cutOff } = rig();
    await cutOff.refresh();
    ids.pop();
    await cutOff.refresh();
    expect(() => {
      cutOff.assertNot('t1');
    }).not.toThrow();
  });
});
