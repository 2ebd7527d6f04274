import { METER_FILES } from '@bianmin/shared/testing/meter-files';
import { RETURN_LENGTH } from '@bianmin/shared/testing/meter-layout';
import type { CardSecurity } from '../platform/encryptor.ts';
import { MeterFault, exchange, type CardLine, type LineAnswer, type MeterCard } from './card-access.ts';
import type { MeterErrorNumber } from './errors.ts';

const OK = 0x9000;

/**
 * A CPU card (dialect D1) in a meter: serial under the MF, internal authentication before anything is believed,
 * external before anything is written, and the return file under a MAC.
 */
export function openCpu(
  line: CardLine,
  security: CardSecurity,
  random: (length: number) => Uint8Array,
): MeterCard {
  const serial = need(exchange(line, 0x00, 0xb0, 0x99, 0x01, 0x08), 7, 8);
  const selected = exchange(line, 0x00, 0xa4, 0x00, 0x00, 0x02, 0xdf, 0x01);
  if (selected.sw !== OK) throw new MeterFault(7);
  const challenge = random(8);
  const proof = need(exchange(line, 0x00, 0x88, 0x00, 0x01, 0x08, challenge), 5, 8);
  if (!equal(proof, security.internalAuth(serial, challenge))) throw new MeterFault(5);
  const read = (sfi: number, length: number): Uint8Array =>
    need(exchange(line, 0x00, 0xb0, 0x80 | sfi, 0x00, length), 14, length);
  return {
    serial,
    parameters: read(1, METER_FILES.CPU.parameters.length),
    purse: read(2, METER_FILES.CPU.purse.length),
    returnData: read(5, RETURN_LENGTH),
    unlock() {
      const question = need(exchange(line, 0x00, 0x84, 0x00, 0x00, 0x08), 6, 8);
      const blob = security.externalAuth(serial, question);
      const answer = exchange(line, 0x00, 0x82, 0x00, 0x02, 0x08, blob);
      if (answer.sw !== OK) throw new MeterFault(answer.sw === 0x6983 ? 9 : 6);
    },
    writeReturnData(bytes) {
      const question = need(exchange(line, 0x00, 0x84, 0x00, 0x00, 0x04), 6, 4);
      const header = Uint8Array.of(0x04, 0xd6, 0x85, 0x00, bytes.length + 4);
      const mac = security.updateMac(serial, { challenge: question, header, data: bytes });
      const answer = exchange(line, header, bytes, mac);
      if (answer.sw !== OK) throw new MeterFault(answer.sw === 0x6988 ? 10 : 6);
    },
  };
}

function need(answer: LineAnswer, number: MeterErrorNumber, length: number): Uint8Array {
  if (answer.sw === 0x6b00) throw new MeterFault(7);
  if (answer.sw !== OK || answer.data.length < length) throw new MeterFault(number);
  return answer.data.slice(0, length);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
