import { concatBytes } from '../bytes/compare.ts';
import { toHex } from '../bytes/hex.ts';
import type { ErrorCode } from '../framing/t1/block.ts';
import { T1CardLine } from './sim-card-line.ts';
import { T1Link } from '../reader/t1-link.ts';

/** Which block is damaged on its way (0: the first that is sent, 1: its answer, …) and which of its bits. */
type Damage = ReadonlyMap<number, number>;

/** A card that answers an APDU backwards, with 9000, at the end of a line on which blocks can be damaged. */
export function rig(
  init: { ifsc?: number; check?: ErrorCode; damage?: Damage; maxIfsd?: number; fault?: () => void } = {},
) {
  const { ifsc = 32, check = 'lrc', damage = new Map<number, number>(), maxIfsd = 254, fault } = init;
  const seen: string[] = [];
  const line = new T1CardLine((apdu) => {
    seen.push(toHex(apdu));
    return concatBytes(apdu.slice().reverse(), Uint8Array.of(0x90, 0x00));
  }, check);
  const wire: string[] = [];
  const waited: number[] = [];
  let blocks = 0;
  const carry = (bytes: Uint8Array): Uint8Array => {
    const bit = damage.get(blocks++);
    wire.push(toHex(bytes));
    if (bit === undefined || bytes.length === 0) return bytes;
    const at = (bit >> 3) % bytes.length;
    return bytes.map((byte, i) => (i === at ? byte ^ (1 << (bit & 7)) : byte));
  };
  const link = new T1Link(
    (bytes, waits) => {
      waited.push(waits);
      const answer = carry(line.exchange(carry(bytes)));
      return Promise.resolve().then(() => {
        fault?.();
        return answer;
      });
    },
    { ifsc, check, maxIfsd },
  );
  return { link, line, seen, wire, waited, heal: () => void (damage as Map<number, number>).clear() };
}

export const answerTo = (apdu: Uint8Array): string =>
  toHex(concatBytes(apdu.slice().reverse(), Uint8Array.of(0x90, 0x00)));
