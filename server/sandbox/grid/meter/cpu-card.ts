import { PARAMETERS_LENGTH, RETURN_LENGTH } from '@bianmin/card/testing/meter-layout';
import { PURSE_LENGTH } from '@bianmin/card/testing/meter-purse';
import type { CardSecurity } from '../platform/encryptor.ts';
import { MeterFault, exchange, type CardLine, type LineAnswer, type MeterCard } from './card-access.ts';
import type { MeterErrorNumber } from './errors.ts';

const OK = 0x9000;

/** What a meter's maker has burnt into it: where its cards have what, by numbers of its own. */
interface CpuPlaces {
  readonly serial: { readonly sfi: number; readonly offset: number };
  readonly application: readonly [number, number];
  readonly keys: { readonly internal: number; readonly external: number };
  readonly files: { readonly parameters: number; readonly purse: number; readonly returnData: number };
}

const PLACES: Readonly<Record<'CPU' | 'second-CPU', CpuPlaces>> = {
  CPU: {
    serial: { sfi: 0x19, offset: 1 },
    application: [0xdf, 0x01],
    keys: { internal: 1, external: 2 },
    files: { parameters: 1, purse: 2, returnData: 5 },
  },
  'second-CPU': {
    serial: { sfi: 0x15, offset: 3 },
    application: [0xdf, 0x04],
    keys: { internal: 3, external: 4 },
    files: { parameters: 7, purse: 6, returnData: 3 },
  },
};

/**
 * A CPU card in a meter: serial under the MF, internal authentication before anything is believed, external before
 * anything is written, and the return file under a MAC.
 */
export function openCpu(
  line: CardLine,
  card: keyof typeof PLACES,
  { security, random }: { readonly security: CardSecurity; readonly random: (length: number) => Uint8Array },
): MeterCard {
  const { serial: place, application, keys, files } = PLACES[card];
  const serial = need(exchange(line, 0x00, 0xb0, 0x80 | place.sfi, place.offset, 0x08), 7, 8);
  const selected = exchange(line, 0x00, 0xa4, 0x00, 0x00, 0x02, ...application);
  if (selected.sw !== OK) throw new MeterFault(7);
  const challenge = random(8);
  const proof = need(exchange(line, 0x00, 0x88, 0x00, keys.internal, 0x08, challenge), 5, 8);
  if (!equal(proof, security.internalAuth(serial, challenge))) throw new MeterFault(5);
  const read = (sfi: number, length: number): Uint8Array =>
    need(exchange(line, 0x00, 0xb0, 0x80 | sfi, 0x00, length), 14, length);
  return {
    serial,
    parameters: read(files.parameters, PARAMETERS_LENGTH),
    purse: read(files.purse, PURSE_LENGTH),
    returnData: read(files.returnData, RETURN_LENGTH),
    unlock() {
      const question = need(exchange(line, 0x00, 0x84, 0x00, 0x00, 0x08), 6, 8);
      const blob = security.externalAuth(serial, question);
      const answer = exchange(line, 0x00, 0x82, 0x00, keys.external, 0x08, blob);
      if (answer.sw !== OK) throw new MeterFault(answer.sw === 0x6983 ? 9 : 6);
    },
    writeReturnData(bytes) {
      const question = need(exchange(line, 0x00, 0x84, 0x00, 0x00, 0x04), 6, 4);
      const header = Uint8Array.of(0x04, 0xd6, 0x80 | files.returnData, 0x00, bytes.length + 4);
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
