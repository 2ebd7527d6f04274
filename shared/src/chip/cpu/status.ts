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
  0x6581: {
    code: 'chip.refused',
    message: 'The card could not store the data; put it in again, else replace it.',
  },
  0x6700: { code: 'chip.malformed', message: 'The card refused the length of a command.' },
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
  0x6987: { code: 'chip.malformed', message: 'A command that needs a check sum came without it.' },
  0x6988: {
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
  0x6a86: { code: 'chip.malformed', message: 'The card refused the parameters of a command.' },
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

/** The error for a status word, or undefined for success (90 00). */
export function statusError(sw: number): ChipError | undefined {
  if (sw === 0x9000) return undefined;
  const context = { sw: sw.toString(16) };
  if ((sw & 0xfff0) === 0x63c0) {
    const triesLeft = sw & 0x0f;
    return new ChipError({
      code: triesLeft === 0 ? 'chip.locked' : 'chip.code-wrong',
      message: 'The card refused the authentication; one try is lost.',
      context: { ...context, triesLeft },
    });
  }
  const meaning = STATUS[sw] ?? {
    code: 'chip.refused',
    message: 'The card refused a command for a reason that is not known; put it in again.',
  };
  return new ChipError({ ...meaning, context });
}
