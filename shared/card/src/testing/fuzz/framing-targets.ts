import { fromHex, toHex } from '../../bytes/hex.ts';
import { decodeAcr38Answer, decodeAcr38Command, decodeAcr38Notice } from '../../framing/acr38/message.ts';
import { parseAtr } from '../../framing/atr.ts';
import { decodeDescriptor, encodeDescriptor } from '../../framing/ccid/descriptor.ts';
import { decodeInterrupt } from '../../framing/ccid/interrupt.ts';
import { announcedLength, decodeCommand, decodeResponse } from '../../framing/ccid/message.ts';
import { decodeProtocolData } from '../../framing/ccid/parameters.ts';
import { decodePinVerification } from '../../framing/ccid/pin.ts';
import { HidDecoder } from '../../framing/hid/decode.ts';
import { CCID_XOR_FRAMING, PLAIN_FRAMING } from '../../framing/hid/profile.ts';
import { decodePps, judgePps } from '../../framing/pps.ts';
import { decodeBlock } from '../../framing/t1/block.ts';
import { parseTranscript } from '../../transcript/format.ts';
import { parseApdu } from '../../framing/apdu.ts';
import { parseBusAnswer } from '../../chip/dialect/omnikey.ts';
import { decodeParameters, decodeReturnData } from '../meter-layout.ts';
import type { FuzzTarget } from './fuzz.ts';

const hex = (...seeds: string[]): Uint8Array[] => seeds.map(fromHex);

/** Text as a parser of JSON sees damaged bytes: one character a byte. */
const textOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0) & 0xff);

const TRANSCRIPT = JSON.stringify({
  format: 'bianmin-transcript/1',
  provenance: { reader: 'r', model: 'm', driven: 'ccid', chip: 'CPU', date: '2026-11-25', by: 'b', note: '' },
  memoryReader: { memoryDialect: 'acs' },
  atr: '3B680000444C435055010000',
  exchanges: [['00B0990108', '6501A00087FBF7479000']],
});

/** Every parser of what comes from readers, cards and files. */
export const FRAMING_TARGETS: readonly FuzzTarget[] = [
  {
    parser: 'answer to reset',
    seeds: hex(
      '3B680000444C435055010000',
      '3B888131FE45444C435055010000',
      '3B04A2131091',
      '3BFF9500FF918131FE43',
    ),
    run: (input) => parseAtr(input),
  },
  { parser: 'PPS', seeds: hex('FF10957A', 'FF00FF', 'FF7011223344'), run: (input) => decodePps(input) },
  {
    parser: 'PPS answer',
    seeds: hex('FF10957A', 'FF00FF'),
    run: (input) => judgePps(fromHex('FF10957A'), input),
  },
  {
    parser: 'CCID command',
    seeds: hex(
      '62000000000000000000',
      '6F050000000001000000' + '00B0000001',
      '610700000000020100001100100045FE00',
    ),
    run: (input) => decodeCommand(input),
  },
  {
    parser: 'CCID answer',
    seeds: hex(
      '80060000000000000000' + '3B04A2131091',
      '81000000000007020000',
      '82050000000000000000' + '1100000A00',
    ),
    run: (input) => [announcedLength(input), decodeResponse(input)],
  },
  {
    parser: 'CCID interrupt',
    seeds: hex('5003', '500F00', '5100000005'),
    run: (input) => decodeInterrupt(input),
  },
  {
    parser: 'CCID descriptor',
    seeds: [
      encodeDescriptor({
        slots: 1,
        voltages: 1,
        protocols: 3,
        features: 0x10030,
        maxMessage: 271,
        maxIfsd: 254,
      }),
    ],
    run: (input) => decodeDescriptor(input),
  },
  {
    parser: 'CCID parameters',
    seeds: hex('1100000A00', '1110004D00FE00'),
    run: (input) => decodeProtocolData((input[0] ?? 0) & 3, input),
  },
  {
    parser: 'CCID PIN block',
    seeds: hex('0082040008040602FF040904000000000020000108'),
    run: (input) => decodePinVerification(input),
  },
  {
    parser: 'T=1 block, LRC',
    seeds: hex('00000590009000059000', '00C101FE3E', '0080000080'),
    run: (input) => decodeBlock(input, 'lrc'),
  },
  {
    parser: 'T=1 block, CRC',
    seeds: hex('000001000000', '00C101FE0000'),
    run: (input) => decodeBlock(input, 'crc'),
  },
  ...(['ccid-xor', 'plain'] as const).map((wrapper): FuzzTarget => ({
    parser: `HID reports, ${wrapper}`,
    seeds: hex('0280020000000000000000900003' + '11', '000C80020000000000000000' + '9000'),
    run: (input) => new HidDecoder(wrapper === 'plain' ? PLAIN_FRAMING : CCID_XOR_FRAMING).push(input),
  })),
  {
    parser: 'ACR38 frame',
    seeds: hex('010000063B04A2131091', '01A00006FFA400000106', '01C0'),
    run: (input) => [decodeAcr38Notice(input), decodeAcr38Answer(input), decodeAcr38Command(input)],
  },
  {
    parser: 'OMNIKEY bus answer',
    seeds: hex('9D0407000000', '9D01FF', '9D020AFF'),
    run: (input) => [1, 2, 4].map((length) => parseBusAnswer(input, length)),
  },
  {
    parser: 'card command',
    seeds: hex('00A4000002DF01', '00B0810010', '04D685000400112233'),
    run: (input) => parseApdu(input),
  },
  { parser: 'parameter file', seeds: [new Uint8Array(45)], run: (input) => decodeParameters(input) },
  { parser: 'return file', seeds: [new Uint8Array(49)], run: (input) => decodeReturnData(input) },
  { parser: 'transcript', seeds: [bytesOf(TRANSCRIPT)], run: (input) => parseTranscript(textOf(input)) },
  { parser: 'hex', seeds: [bytesOf(toHex(Uint8Array.of(1, 2, 3)))], run: (input) => fromHex(textOf(input)) },
];
