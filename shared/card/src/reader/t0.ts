import { concatBytes } from '../bytes/compare.ts';
import { envelopesOf, isExtended, shortFormOf } from './t0-extended.ts';

/** A reader that passes one TPDU or APDU to the card. */
export type Exchange = (bytes: Uint8Array) => Promise<Uint8Array>;

const GET_RESPONSE = 0xc0;
/** Pseudo-APDUs that the reader itself answers (PC/SC part 3): never reshaped. */
const PSEUDO_CLASS = 0xff;
/** Channel bits of the first interindustry class, which GET RESPONSE keeps (ISO/IEC 7816-4:2013 §5.4.1). */
const CHANNEL = 0x03;
/** A card that announces more without end is broken. 65,536 bytes come in 256 rounds. */
const MAX_ROUNDS = 260;

/** Whether an APDU is of the short form, at most 261 bytes, whatever level carries it. */
export function isShort(apdu: Uint8Array): boolean {
  return apdu.length <= 261 && !isExtended(apdu);
}

/**
 * One APDU over T=0, ISO/IEC 7816-3:2006 §12.2: a case 4 command goes without Le, `61 xx` is fetched by GET
 * RESPONSE, `6C xx` sends again with the length that the card names. An extended APDU goes in its short form where it
 * has one, else in ENVELOPEs. The status word returned is the last one.
 */
export async function exchangeT0(exchange: Exchange, apdu: Uint8Array): Promise<Uint8Array> {
  if (apdu[0] === PSEUDO_CLASS) return exchange(apdu);
  if (!isExtended(apdu)) return followT0(exchange, tpduOf(apdu));
  const short = shortFormOf(apdu);
  if (short !== undefined) return followT0(exchange, tpduOf(short));
  const envelopes = envelopesOf(apdu);
  for (const envelope of envelopes.slice(0, -1)) {
    const answer = await exchange(envelope);
    // Only 9000 asks for the next one; anything else is the card's verdict, 6D00 where it knows no ENVELOPE.
    if (answer.length !== 2 || answer[0] !== 0x90 || answer[1] !== 0x00) return answer;
  }
  return followT0(exchange, envelopes.at(-1) ?? apdu);
}

/** The same for a command that already has the form in which it goes out. */
export async function followT0(exchange: Exchange, command: Uint8Array): Promise<Uint8Array> {
  let answer = await exchange(command);
  if (command[0] === PSEUDO_CLASS) return answer;
  const parts: Uint8Array[] = [];
  let asked = command;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const sw1 = answer[answer.length - 2];
    const sw2 = answer[answer.length - 1] ?? 0;
    if (sw1 === 0x61) {
      parts.push(answer.subarray(0, -2));
      asked = Uint8Array.of((command[0] ?? 0) & CHANNEL, GET_RESPONSE, 0x00, 0x00, sw2);
    } else if (sw1 === 0x6c && answer.length === 2 && asked.length <= 5) {
      asked = concatBytes(asked.subarray(0, 4), Uint8Array.of(sw2));
    } else {
      break;
    }
    answer = await exchange(asked);
  }
  return parts.length === 0 ? answer : concatBytes(...parts, answer);
}

/** Header and data without Le where both are there (case 4); case 1 gets its P3. */
function tpduOf(apdu: Uint8Array): Uint8Array {
  if (apdu.length === 4) return concatBytes(apdu, Uint8Array.of(0));
  const lc = apdu[4] ?? 0;
  return apdu.length === 5 + lc + 1 && lc > 0 ? apdu.subarray(0, 5 + lc) : apdu;
}
