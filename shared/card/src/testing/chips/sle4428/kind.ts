import { MEMORY_SIZE } from '../../../chip/sle4428/constants.ts';
import type { MemoryCardKind } from '../../memory-card-kind.ts';
import { blankSle4428Main, SimulatedSle4428Card } from './card.ts';

/** Bytes that the maker protects: answer to reset and maker's bytes, application identifier (product.yktchina.com SLE4428). */
const MAKERS = [...range(0, 8), ...range(21, 27)];
/** The issuer protects the serial as well. */
const SERIAL = range(8, 16);
/** Transport code of fresh chips (iMate MemoryCardAPI). */
const TRANSPORT_CODE = Uint8Array.of(0xff, 0xff);

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, i) => start + i);
}

function protecting(addresses: readonly number[]): Uint8Array {
  const bits = new Uint8Array(MEMORY_SIZE / 8).fill(0xff);
  for (const address of addresses) bits[address >> 3] = (bits[address >> 3] ?? 0) & ~(1 << (address & 7));
  return bits;
}

export const sle4428Kind: MemoryCardKind = {
  issue({ contents, codes, seed }) {
    const main = blankSle4428Main();
    for (const { offset, data } of contents) main.set(data, offset);
    const code = codes[0]?.code;
    if (code === undefined) throw new RangeError('an SLE4428 has one code');
    return new SimulatedSle4428Card({
      main,
      code,
      protection: protecting([...MAKERS, ...SERIAL]),
      ...(seed === undefined ? {} : { seed }),
    });
  },
  blank: (seed) =>
    new SimulatedSle4428Card({
      main: blankSle4428Main(),
      code: TRANSPORT_CODE,
      protection: protecting(MAKERS),
      ...(seed === undefined ? {} : { seed }),
    }),
  restore: (snapshot, seed) => SimulatedSle4428Card.restore(snapshot, seed),
};
