import { toHex } from '../bytes/hex.ts';
import type { ChipName } from '../chip/contract.ts';
import type { Region, RegionData } from '../chip/region.ts';
import { bytesOf } from '../meter-card/image.ts';
import { METER_CHIPS, METER_FILES } from '../testing/meter-files.ts';
import { decodeParameters, decodeReturnData, isBlank } from '../testing/meter-layout.ts';
import { decodePurse } from '../testing/meter-purse.ts';
import type { Dump } from './dump-form.ts';

/**
 * The meter's files as this project lays them out, where all four could be read; undefined where they are not there.
 * A card of another layout shows as damaged files: frame and sum do not fit.
 */
export function meterFiles(chip: ChipName, read: readonly RegionData[]): Dump['meter'] {
  const known = METER_CHIPS.find((name) => name === chip);
  if (known === undefined) return undefined;
  const files = METER_FILES[known];
  const bytes = (region: Region): Uint8Array | undefined => bytesOf({ regions: read }, region);
  const [serial, parameters] = [bytes(files.serial), bytes(files.parameters)];
  const [purse, returned] = [bytes(files.purse), bytes(files.returnData)];
  if (serial === undefined || parameters === undefined || purse === undefined || returned === undefined) {
    return undefined;
  }
  const decoded = decodeParameters(parameters);
  const meterLeft = isBlank(returned) ? undefined : decodeReturnData(returned);
  return {
    serial: maskedNumber(toHex(serial)),
    parameters: decoded === undefined ? null : withoutNumbers(decoded),
    purse: decodePurse(purse),
    returnData: isBlank(returned) ? 'blank' : meterLeft === undefined ? null : withoutNumbers(meterLeft),
  };
}

function withoutNumbers<T extends { readonly meterNo: string; readonly customerNo: string }>(
  file: T,
): Record<string, string | number> {
  return { ...file, meterNo: maskedNumber(file.meterNo), customerNo: maskedNumber(file.customerNo) };
}

/** The last four digits: enough to tell two cards apart. */
function maskedNumber(digits: string): string {
  return `••••${digits.slice(-4)}`;
}
