import { concatBytes } from '../bytes/compare.ts';

const HEADER = 4;
const ENVELOPE = 0xc2;
const MAX_SHORT = 255;
const CHANNEL = 0x03;

/** Data and Le of an extended APDU; Le 65,536 where it says 0000, undefined where it has none. */
interface Extended {
  readonly header: Uint8Array;
  readonly data: Uint8Array;
  readonly le: number | undefined;
}

/**
 * Whether an APDU is of the extended form: the byte after the header is 00 and more than a short Le follows
 * (ISO/IEC 7816-3:2006 §12.1.3). A short case 4 has no Lc of 0, so that the two cannot be mistaken.
 */
export function isExtended(apdu: Uint8Array): boolean {
  return apdu.length >= HEADER + 3 && apdu[HEADER] === 0x00;
}

/** The same command with short lengths, where data and answer allow it (§12.2.3 to .5); undefined where not. */
export function shortFormOf(apdu: Uint8Array): Uint8Array | undefined {
  const { header, data, le } = parse(apdu);
  if (data.length > MAX_SHORT) return undefined;
  const body = data.length === 0 ? data : concatBytes(Uint8Array.of(data.length), data);
  // A card answers more than 256 bytes by 61 xx, and is asked on (§12.2.3).
  return concatBytes(
    header,
    body,
    le === undefined ? new Uint8Array() : Uint8Array.of(Math.min(le, 256) & 0xff),
  );
}

/** The whole APDU as data of ENVELOPE commands, 255 bytes each (§12.2.4: case 3E and 4E with more than 255 bytes). */
export function envelopesOf(apdu: Uint8Array): readonly Uint8Array[] {
  const header = Uint8Array.of((apdu[0] ?? 0) & CHANNEL, ENVELOPE, 0x00, 0x00);
  const count = Math.ceil(apdu.length / MAX_SHORT);
  return Array.from({ length: count }, (_, i) => {
    const data = apdu.subarray(i * MAX_SHORT, (i + 1) * MAX_SHORT);
    return concatBytes(header, Uint8Array.of(data.length), data);
  });
}

function parse(apdu: Uint8Array): Extended {
  const header = apdu.subarray(0, HEADER);
  const number = (at: number): number => ((apdu[at] ?? 0) << 8) | (apdu[at + 1] ?? 0);
  const first = number(HEADER + 1);
  const from = HEADER + 3;
  if (apdu.length === from) return { header, data: new Uint8Array(), le: first === 0 ? 65_536 : first };
  const data = apdu.subarray(from, from + first);
  const end = from + first;
  if (apdu.length < end + 2) return { header, data, le: undefined };
  const le = number(end);
  return { header, data, le: le === 0 ? 65_536 : le };
}
