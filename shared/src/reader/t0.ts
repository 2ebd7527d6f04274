import { concatBytes } from '../bytes/compare.ts';

/** A reader that passes one TPDU or APDU to the card. */
export type Exchange = (bytes: Uint8Array) => Promise<Uint8Array>;

const GET_RESPONSE = 0xc0;
/** Pseudo-APDUs that the reader itself answers (PC/SC part 3): never reshaped. */
const PSEUDO_CLASS = 0xff;
/** A card that announces more without end is broken. */
const MAX_ROUNDS = 32;

/**
 * One APDU over T=0, ISO/IEC 7816-3:2006 §12.2: a case 4 command goes without Le, `61 xx` is fetched by GET
 * RESPONSE, `6C xx` sends again with the length that the card names. The status word returned is the last one.
 */
export function exchangeT0(exchange: Exchange, apdu: Uint8Array): Promise<Uint8Array> {
  return apdu[0] === PSEUDO_CLASS ? exchange(apdu) : followT0(exchange, tpduOf(apdu));
}

/** The same for a command that already has the form in which it goes out. */
export async function followT0(exchange: Exchange, command: Uint8Array): Promise<Uint8Array> {
  let answer = await exchange(command);
  if (command[0] === PSEUDO_CLASS) return answer;
  const parts: Uint8Array[] = [];
  let asked = command;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const [sw1, sw2 = 0] = answer.subarray(-2);
    if (sw1 === 0x61) {
      parts.push(answer.subarray(0, -2));
      asked = Uint8Array.of((command[0] ?? 0) & 0x03, GET_RESPONSE, 0x00, 0x00, sw2);
    } else if (sw1 === 0x6c && answer.length === 2 && asked.length <= 5) {
      asked = concatBytes(asked.subarray(0, 4), Uint8Array.of(sw2));
    } else {
      break;
    }
    answer = await exchange(asked);
  }
  return concatBytes(...parts, answer);
}

/** Header and data without Le where both are there (case 4); case 1 gets its P3. */
function tpduOf(apdu: Uint8Array): Uint8Array {
  if (apdu.length === 4) return concatBytes(apdu, Uint8Array.of(0));
  const lc = apdu[4] ?? 0;
  return apdu.length === 5 + lc + 1 && lc > 0 ? apdu.subarray(0, 5 + lc) : apdu;
}
