import { isPasswordNumber, PASSWORD as PASSWORD_153 } from '../chip/at88sc153/constants.ts';
import { At88sc153Driver } from '../chip/at88sc153/driver.ts';
import { PASSWORD_SETS } from '../chip/at88sc1608/constants.ts';
import { At88Sc1608Driver } from '../chip/at88sc1608/driver.ts';
import type { ChipDriver } from '../chip/contract.ts';
import { Sle4428Driver } from '../chip/sle4428/driver.ts';
import { Sle4442Driver } from '../chip/sle4442/driver.ts';
import { CliError } from './error.ts';

/**
 * How a code that opens writing is replaced after it was itself presented: the PSC, or a Write password by its number.
 * `cli.no-code-change` where this tool does not do it; bit-serial chips need the reader to erase the old code first.
 */
export function codeChangerOf(driver: ChipDriver, key: number): (code: Uint8Array) => Promise<void> {
  if (key === 0 && (driver instanceof Sle4442Driver || driver instanceof Sle4428Driver)) {
    return (code) => driver.changeCode(code);
  }
  if (driver instanceof At88sc153Driver && isPasswordNumber(key) && key <= PASSWORD_153.write1) {
    return (code) => driver.changePassword(key, code);
  }
  if (driver instanceof At88Sc1608Driver && key < PASSWORD_SETS) {
    return (code) => driver.changePassword(key, code);
  }
  throw new CliError({
    code: 'cli.no-code-change',
    message: `This code of the card (${driver.chip}) is not changed by this tool.`,
    context: { chip: driver.chip, key },
  });
}
