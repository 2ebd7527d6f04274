import type { CardSnapshot, CardUsage, CutHook, SimulatedCard } from '@bianmin/card/testing/simulated-card';

/** A card put in upside down, a bank card, a piece of cardboard: nothing answers. */
export class MuteCard implements SimulatedCard {
  readonly chip = 'SLE4442';
  readonly usage: CardUsage = { apdus: 0, bytes: 0, busMs: 0, eepromMs: 0, eepromCycles: 0 };
  readonly tries = [];
  cutHook: CutHook | undefined = undefined;
  weakHook: CutHook | undefined = undefined;

  powerOn(): undefined {
    return undefined;
  }

  powerOff(): void {
    // There is no power to take away.
  }

  transmit(): never {
    throw new Error('a mute card was given a command');
  }

  zone(): undefined {
    return undefined;
  }

  setTriesLeft(): void {
    // It has no code.
  }

  resetUsage(): void {
    // Nothing ever passes.
  }

  snapshot(): CardSnapshot {
    return { chip: this.chip, state: { mute: true } };
  }
}
