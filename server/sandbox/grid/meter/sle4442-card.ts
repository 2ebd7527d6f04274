import { SLE4442_FILES } from '@bianmin/shared/testing/meter-layout';
import type { CardSecurity } from '../platform/encryptor.ts';
import { MeterFault, exchange, type CardLine, type MeterCard } from './card-access.ts';

/** Present the code only where a mistake would leave a try. Bits 0 to 2 of the error counter, one a try. */
const LEAST_TRIES = 2;

/**
 * An SLE4442 in a meter, by commands of our own and not by the driver under test: reads its files, presents the
 * code that the meter derives from the card's serial, and writes only bytes that differ.
 * Commands as ACS readers take them (manuals ACR38K, ACR1281U): FF A4 06, B0, B1, 20, D0.
 */
export function openSle4442(line: CardLine, security: CardSecurity): MeterCard {
  if (exchange(line, 0xff, 0xa4, 0x00, 0x00, 0x01, 0x06).sw !== 0x9000) throw new MeterFault(4);
  const read = ({ offset, length }: { offset: number; length: number }): Uint8Array => {
    const answer = exchange(line, 0xff, 0xb0, 0x00, offset, length);
    // Older readers append the four bytes of protection memory.
    if (answer.sw !== 0x9000 || answer.data.length < length) throw new MeterFault(4);
    return answer.data.slice(0, length);
  };
  const serial = read(SLE4442_FILES.serial);
  const returnData = read(SLE4442_FILES.returnData);
  return {
    serial,
    returnData,
    parameters: read(SLE4442_FILES.parameters),
    purse: read(SLE4442_FILES.purse),
    unlock() {
      const counter = exchange(line, 0xff, 0xb1, 0x00, 0x00, 0x04).data[0] ?? 0;
      if (bitsOf(counter & 0x07) < LEAST_TRIES) throw new MeterFault(9);
      // 90 07: three tries again, which only the right code brings back.
      if (exchange(line, 0xff, 0x20, 0x00, 0x00, 0x03, security.code(serial, 3)).sw !== 0x9007) {
        throw new MeterFault(6);
      }
    },
    writeReturnData(bytes) {
      for (let from = 0; from < bytes.length; from += 1) {
        if (bytes[from] === returnData[from]) continue;
        let to = from + 1;
        while (to < bytes.length && bytes[to] !== returnData[to]) to += 1;
        const at = SLE4442_FILES.returnData.offset + from;
        const answer = exchange(line, 0xff, 0xd0, 0x00, at, to - from, bytes.subarray(from, to));
        if (answer.sw !== 0x9000) throw new MeterFault(6);
        from = to;
      }
    },
  };
}

function bitsOf(value: number): number {
  return value.toString(2).replaceAll('0', '').length;
}
