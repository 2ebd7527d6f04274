import type { MemoryCardKind } from '../../memory-card-kind.ts';
import { blankSle4442Main, SimulatedSle4442Card } from './card.ts';

/** Bytes 0 to 15 of an issued card can never change again: answer to reset, maker's bytes, serial. */
const ISSUED_PROTECTION = Uint8Array.of(0x00, 0x00, 0xff, 0xff);
/** Transport code of fresh chips (iMate MemoryCardAPI, Basewin bwsdk_api.h). */
const TRANSPORT_CODE = Uint8Array.of(0xff, 0xff, 0xff);

export const sle4442Kind: MemoryCardKind = {
  issue({ contents, codes, seed }) {
    const main = blankSle4442Main();
    for (const { offset, data } of contents) main.set(data, offset);
    const code = codes[0]?.code;
    if (code === undefined) throw new RangeError('an SLE4442 has one code');
    return new SimulatedSle4442Card({
      main,
      code,
      protection: ISSUED_PROTECTION,
      ...(seed === undefined ? {} : { seed }),
    });
  },
  blank: (seed) =>
    new SimulatedSle4442Card({
      main: blankSle4442Main(),
      code: TRANSPORT_CODE,
      ...(seed === undefined ? {} : { seed }),
    }),
  restore: (snapshot, seed) => SimulatedSle4442Card.restore(snapshot, seed),
};
