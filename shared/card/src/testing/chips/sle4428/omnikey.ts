import { OMNIKEY_BUS } from '../../../chip/dialect/omnikey.ts';
import {
  CONTROL,
  ERROR_COUNTER_FULL,
  MEMORY_SIZE,
  PSC_SIZE,
  type Control,
} from '../../../chip/sle4428/constants.ts';
import { OMNIKEY_SLE4428 } from '../../../chip/sle4428/omnikey.ts';
import { OmnikeyFirmware, type OmnikeyFirmwareOptions } from '../omnikey-firmware.ts';
import type { Sle4428Chip } from './chip.ts';
import { presentSle4428 } from './present.ts';

const CONTROLS = Object.values(CONTROL);

/** An OMNIKEY reader with an SLE4428 in it. */
export function omnikeySle4428Firmware(chip: Sle4428Chip, options?: OmnikeyFirmwareOptions): OmnikeyFirmware {
  return new OmnikeyFirmware(
    {
      table: OMNIKEY_SLE4428,
      bus: OMNIKEY_BUS.threeWire,
      size: MEMORY_SIZE,
      codeSize: PSC_SIZE,
      counterFull: ERROR_COUNTER_FULL,
      read: (address, take) => chip.command({ control: CONTROL.read, address, take }),
      write: (address, data) => void chip.command({ control: CONTROL.write, address, data }),
      present: (code) => presentSle4428(chip, code),
      command({ control, address, data }) {
        const known: Control | undefined = CONTROLS.find((one) => one === (control & 0x3f));
        if (known === undefined) return undefined;
        return chip.command({ control: known, address: ((control >> 6) << 8) | address, data });
      },
    },
    options,
  );
}
