import { ChipError, type ChipErrorCode } from '../error.ts';

interface StatusMeaning {
  readonly code: ChipErrorCode;
  readonly message: string;
}

/** Status words of ISO/IEC 7816-4 and the FMCOS 2.0 manual, and what a person can do about each. */
const STATUS: Readonly<Record<number, StatusMeaning>> = {
  0x6281: {
    code: 'chip.unreadable',
    message: 'The card says that its data may be damaged; it needs replacing.',
  },
  0x6282: { code: 'chip.out-of-range', message: 'The file on the card is shorter than expected.' },
  0x6283: {
    code: 'chip.refused',
    message: 'The file or the application on the card was put out of use; the utility must look at it.',
  },
  0x6300: { code: 'chip.code-wrong', message: 'The card refused the authentication; one try is lost.' },
  0x6400: {
    code: 'chip.refused',
    message: 'The card failed within itself; put it in again, else replace it.',
  },
  0x6581: {
    code: 'chip.refused',
    message: 'The card could not store the data; put it in again, else replace it.',
  },
  0x6700: { code: 'chip.malformed', message: 'The card refused the length of a command.' },
  0x6882: {
    code: 'chip.unsupported',
    message: 'The card does not know commands with a check sum; it is not an electricity card of this kind.',
  },
  0x6901: {
    code: 'chip.refused',
    message: 'The card does not take this command now; start the write again.',
  },
  0x6981: { code: 'chip.out-of-range', message: 'The file on the card is not of the expected kind.' },
  0x6982: { code: 'chip.unreadable', message: 'The card wants an authentication that was not given.' },
  0x6983: {
    code: 'chip.locked',
    message: 'The card has locked a key after failed authentications; replace it.',
  },
  0x6984: {
    code: 'chip.refused',
    message: 'The card gave no challenge for this authentication; start the write again.',
  },
  0x6985: { code: 'chip.refused', message: 'The card does not allow this now; start the write again.' },
  0x6986: { code: 'chip.refused', message: 'No file is selected on the card; put it in again.' },
  0x6987: { code: 'chip.malformed', message: 'A command that needs a check sum came without it.' },
  0x6988: {
    code: 'chip.refused',
    message: 'The card refused the check sum of a command; start the write again.',
  },
  // Firmware of one meter maker looks for 69 89 where the manual has 69 88.
  0x6989: {
    code: 'chip.refused',
    message: 'The card refused the check sum of a command; start the write again.',
  },
  0x6a80: { code: 'chip.malformed', message: 'The card refused the data of a command.' },
  0x6a81: {
    code: 'chip.refused',
    message: 'The card or its application is locked; the utility must look at it.',
  },
  0x6a82: {
    code: 'chip.out-of-range',
    message: 'The card has no such file: it is not an electricity card of this kind.',
  },
  0x6a83: { code: 'chip.out-of-range', message: 'The card has no such record.' },
  0x6a84: { code: 'chip.refused', message: 'The file on the card has no room left.' },
  0x6a85: { code: 'chip.malformed', message: 'The lengths within a command do not fit each other.' },
  0x6a86: { code: 'chip.malformed', message: 'The card refused the parameters of a command.' },
  0x6a88: {
    code: 'chip.unsupported',
    message: 'The card has no such key: it is not an electricity card of this kind.',
  },
  0x6b00: { code: 'chip.out-of-range', message: 'The card has no bytes at this place, or was never issued.' },
  0x6d00: {
    code: 'chip.unsupported',
    message: 'The card does not know this command: it is not an electricity card.',
  },
  0x6e00: {
    code: 'chip.unsupported',
    message: 'The card does not know this class: it is not an electricity card.',
  },
};

/** Status words of PBOC purses and keys, which FMCOS 2.0 has beside those of ISO/IEC 7816-4. */
const FMCOS_STATUS: Readonly<Record<number, StatusMeaning>> = {
  0x6f00: { code: 'chip.refused', message: 'The card gave no reason; put it in again.' },
  0x9302: { code: 'chip.refused', message: 'The card refused a check sum; start the write again.' },
  0x9303: {
    code: 'chip.locked',
    message: 'The application on the card is locked for ever; replace the card.',
  },
  0x9401: { code: 'chip.refused', message: 'The amount on the card is too small.' },
  0x9403: {
    code: 'chip.unsupported',
    message: 'The card has no such key: it is not an electricity card of this kind.',
  },
  0x9406: { code: 'chip.refused', message: 'The check sum that was asked for is not there.' },
};

/** Tries left that a status word tells: 63 Cx has x of them, 69 83 none; undefined for any other. */
export function triesOf(sw: number): number | undefined {
  if (sw === 0x6983) return 0;
  return (sw & 0xfff0) === 0x63c0 ? sw & 0x0f : undefined;
}

/** What a status word is, by its table entry or by its first byte; undefined for one that is in neither. */
function meaningOf(sw: number): StatusMeaning | undefined {
  const exact = STATUS[sw] ?? FMCOS_STATUS[sw];
  if (exact !== undefined) return exact;
  switch (sw >> 8) {
    case 0x61:
      return {
        code: 'chip.malformed',
        message: 'The reader left an answer in the card; use another reader.',
      };
    case 0x6c:
      return {
        code: 'chip.malformed',
        message: 'The reader did not correct the length of a command; use another reader.',
      };
    case 0x62:
    case 0x63:
      return {
        code: 'chip.refused',
        message: 'The card did the command with a warning that is not known; put it in again.',
      };
    case 0x65:
      return {
        code: 'chip.refused',
        message: 'The card could not store the data; put it in again, else replace it.',
      };
    default:
      return undefined;
  }
}

/** A check sum that the card refused: the grid's key is wrong, and the card may count it. */
const MAC_REFUSED: ReadonlySet<number> = new Set([0x6988, 0x6989, 0x9302]);

/**
 * The error for a status word, or undefined for success (90 00). `tried`: it answers a command by which the card tried
 * the key of check sums, which it then refused as it does a code.
 */
export function statusError(sw: number, tried?: 'mac'): ChipError | undefined {
  if (sw === 0x9000) return undefined;
  const context = { sw: sw.toString(16) };
  if (tried === 'mac' && MAC_REFUSED.has(sw)) {
    return new ChipError({
      code: 'chip.code-wrong',
      message: 'The card refused the check sum of a command. It is not tried again; please ask the staff.',
      context,
    });
  }
  const triesLeft = triesOf(sw);
  if (triesLeft !== undefined && sw !== 0x6983) {
    return new ChipError({
      code: triesLeft === 0 ? 'chip.locked' : 'chip.code-wrong',
      message: 'The card refused the authentication; one try is lost.',
      context: { ...context, triesLeft },
    });
  }
  const meaning = meaningOf(sw) ?? {
    code: 'chip.refused',
    message: 'The card refused a command for a reason that is not known; put it in again.',
  };
  return new ChipError({ ...meaning, context });
}
