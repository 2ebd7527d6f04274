import type { SimulatedCard } from './simulated-card.ts';

/** A card without memory, for tests of readers: what it answers to reset and to each APDU. */
export function plainCard(
  atr: Uint8Array,
  respond: (apdu: Uint8Array) => Uint8Array,
): SimulatedCard & { answerPps?: (request: Uint8Array) => Uint8Array | undefined } {
  const usage = { apdus: 0, bytes: 0, busMs: 0, eepromMs: 0, eepromCycles: 0 };
  return {
    chip: 'CPU',
    usage,
    cutHook: undefined,
    weakHook: undefined,
    tries: [],
    zone: () => undefined,
    setTriesLeft: () => undefined,
    powerOn: () => atr,
    powerOff: () => undefined,
    transmit: respond,
    resetUsage: () => undefined,
    snapshot: () => ({ chip: 'CPU', state: {} }),
  };
}
