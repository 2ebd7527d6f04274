import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { MuteCards } from './mute-cards.ts';

/** A mute card put in after so long, and left in; whether the reader is blamed. */
function rig() {
  const clock = new ManualClock();
  const cards = new MuteCards(clock);
  return {
    cards,
    clock,
    mute: (afterMs: number, slot = 'a') => {
      cards.present([]);
      clock.jump(afterMs);
      cards.present([slot]);
      return cards.mute(slot);
    },
  };
}

describe('a card that stays mute', () => {
  it('is to blame itself at first, and where it comes back soon, however often', () => {
    const { mute } = rig();
    expect([mute(0), mute(119_999), mute(30_000), mute(0), mute(119_999)]).toEqual(Array(5).fill(false));
  });

  it('is not where another was mute before it; and from then on none is', () => {
    const { mute } = rig();
    expect([mute(0), mute(120_000), mute(1_000), mute(500_000)]).toEqual([false, true, true, true]);
  });

  it('is to blame where one between the two has answered', () => {
    const { mute, cards } = rig();
    expect([mute(0), mute(120_000)]).toEqual([false, true]);
    cards.answered('a');
    expect([mute(500_000), mute(500_000)]).toEqual([false, true]);
  });

  it('is the same one while it lies in the reader', () => {
    const { mute, cards, clock } = rig();
    mute(0);
    clock.jump(600_000);
    expect(cards.mute('a')).toBe(false);
  });

  it('says nothing about another reader', () => {
    const { mute } = rig();
    expect([mute(0, 'a'), mute(500_000, 'b'), mute(0, 'a')]).toEqual([false, false, true]);
  });
});
