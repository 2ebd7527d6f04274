import { framingError } from '../error.ts';
import { INTERRUPT } from './constants.ts';

/** What comes on the interrupt pipe. */
export type CcidInterrupt =
  /** For each slot: whether a card is in it, and whether that changed. */
  | { readonly type: 'slot-change'; readonly slots: readonly { present: boolean; changed: boolean }[] }
  | { readonly type: 'hardware-error'; readonly slot: number; readonly seq: number; readonly code: number };

/** bHardwareErrorCode (§6.3.2): the one that is defined; others are the maker's. */
export const HARDWARE_ERROR = { overcurrent: 0x01 } as const;

/** Two bits a slot, four slots a byte (CCID rev 1.1 §6.3.1). */
export function encodeSlotChange(slots: readonly { present: boolean; changed: boolean }[]): Uint8Array {
  const bytes = new Uint8Array(1 + Math.ceil(slots.length / 4));
  bytes[0] = INTERRUPT.notifySlotChange;
  slots.forEach(({ present, changed }, index) => {
    const at = 1 + (index >> 2);
    bytes[at] = (bytes[at] ?? 0) | ((Number(present) | (Number(changed) << 1)) << (2 * (index & 3)));
  });
  return bytes;
}

/** §6.3.2. */
export function encodeHardwareError(error: { slot: number; seq: number; code: number }): Uint8Array {
  return Uint8Array.of(INTERRUPT.hardwareError, error.slot, error.seq, error.code);
}

/** `framing.short` or `framing.type` for anything else. Gives four slots a byte, used or not. */
export function decodeInterrupt(bytes: Uint8Array): CcidInterrupt {
  const [type, slot, seq, code] = bytes;
  if (type === INTERRUPT.notifySlotChange && bytes.length >= 2) {
    const slots = [...bytes.subarray(1)].flatMap((byte) =>
      [0, 2, 4, 6].map((shift) => ({
        present: ((byte >> shift) & 1) === 1,
        changed: ((byte >> shift) & 2) === 2,
      })),
    );
    return { type: 'slot-change', slots };
  }
  if (type === INTERRUPT.hardwareError && slot !== undefined && seq !== undefined && code !== undefined) {
    return { type: 'hardware-error', slot, seq, code };
  }
  const code2 = bytes.length < 2 ? 'framing.short' : 'framing.type';
  throw framingError(code2, 'The reader notified something unknown.', { type, length: bytes.length });
}
