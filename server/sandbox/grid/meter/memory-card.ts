import type { Region } from '@bianmin/card/chip/region';
import {
  METER_FILES,
  chipOf,
  codeMaterialLength,
  codesOf,
  type MemoryChip,
  type MeterCard as IssuedCard,
} from '@bianmin/card/testing/meter-files';
import type { CardSecurity } from '../platform/encryptor.ts';
import { MeterFault, exchange, type CardLine, type MeterCard } from './card-access.ts';
import { METER_COMMANDS, type MeterChipCommands } from './memory-commands.ts';

/** Present a code only where a mistake would leave a try. */
const LEAST_TRIES = 2;
const OK = 0x9000;

/**
 * A memory card in a meter: reads its files, presents the codes that the meter derives from the card's serial, and
 * writes only bytes that differ.
 */
export function openMemoryCard(line: CardLine, card: IssuedCard, security: CardSecurity): MeterCard {
  const commands = METER_COMMANDS[chipOf(card) as MemoryChip];
  if (exchange(line, 0xff, 0xa4, 0x00, 0x00, 0x01, commands.type).sw !== OK) throw new MeterFault(4);
  const files = METER_FILES[card];
  const read = (region: Region): Uint8Array => readRegion(line, commands, region);
  const serial = read(files.serial);
  const returnData = read(files.returnData);
  return {
    serial,
    returnData,
    parameters: read(files.parameters),
    purse: read(files.purse),
    unlock() {
      const codes = codesOf(card, security.code(serial, codeMaterialLength(card)));
      for (const { key, code } of codes) presentCode(line, commands, { key, code });
    },
    writeReturnData(bytes) {
      for (let from = 0; from < bytes.length; from += 1) {
        if (bytes[from] === returnData[from]) continue;
        const offset = files.returnData.offset + from;
        const end = Math.min(bytes.length, from + commands.room(offset));
        let to = from + 1;
        while (to < end && bytes[to] !== returnData[to]) to += 1;
        const at = { zone: files.returnData.zone, offset, length: to - from };
        writeRun(line, commands, at, bytes.subarray(from, to));
        from = to - 1;
      }
    },
  };
}

function readRegion(line: CardLine, commands: MeterChipCommands, region: Region): Uint8Array {
  const answer = exchange(line, ...commands.read(region), region.length);
  // Older readers append the four bytes of an SLE4442's protection memory.
  if (answer.sw !== OK || answer.data.length < region.length) throw new MeterFault(4);
  return onWire(commands, answer.data.slice(0, region.length));
}

function writeRun(line: CardLine, commands: MeterChipCommands, at: Region, data: Uint8Array): void {
  if (commands.erase !== undefined && exchange(line, ...commands.erase(at), at.length).sw !== OK) {
    throw new MeterFault(6);
  }
  const answer = exchange(line, ...commands.write(at), at.length, onWire(commands, data));
  if (answer.sw !== OK) throw new MeterFault(6);
}

/** The status word differs from chip to chip; that the tries are all back is what a right code does on every one. */
function presentCode(
  line: CardLine,
  commands: MeterChipCommands,
  { key, code }: { key: number; code: Uint8Array },
): void {
  const tries = commands.tries(key);
  if (tries.left(exchange(line, ...tries.command)) < LEAST_TRIES) throw new MeterFault(9);
  const { header, prefix } = commands.present(key);
  exchange(line, ...header, prefix.length + code.length, ...prefix, onWire(commands, code));
  if (tries.left(exchange(line, ...tries.command)) !== tries.full) throw new MeterFault(6);
}

function onWire({ reversed }: MeterChipCommands, bytes: Uint8Array): Uint8Array {
  if (reversed !== true) return bytes;
  return bytes.map((byte) => parseInt(byte.toString(2).padStart(8, '0').split('').reverse().join(''), 2));
}
