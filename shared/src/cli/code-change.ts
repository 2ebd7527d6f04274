import type { ChipDriver } from '../chip/contract.ts';
import { Sle4428Driver } from '../chip/sle4428/driver.ts';
import { Sle4442Driver } from '../chip/sle4442/driver.ts';
import { CliError } from './error.ts';

/** How a chip's code is replaced after it was presented; `cli.no-code-change` where this tool does not do it. */
export function codeChangerOf(driver: ChipDriver): (code: Uint8Array) => Promise<void> {
  if (driver instanceof Sle4442Driver || driver instanceof Sle4428Driver) {
    return (code) => driver.changeCode(code);
  }
  throw new CliError({
    code: 'cli.no-code-change',
    message: `The code of this card (${driver.chip}) is not changed by this tool.`,
    context: { chip: driver.chip },
  });
}
