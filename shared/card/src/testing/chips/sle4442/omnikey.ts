import { OMNIKEY_BUS } from '../../../chip/dialect/omnikey.ts';
import {
  CONTROL,
  ERROR_COUNTER_FULL,
  MAIN_SIZE,
  PSC_SIZE,
  type Control,
} from '../../../chip/sle4442/constants.ts';
import { OMNIKEY_SLE4442 } from '../../../chip/sle4442/omnikey.ts';
import { OmnikeyFirmware, type OmnikeyFirmwareOptions } from '../omnikey-firmware.ts';
import type { Sle4442Chip } from './chip.ts';
import { presentSle4442 } from './present.ts';

const CONTROLS = Object.values(CONTROL);

/** An OMNIKEY reader with an SLE4442 in it. */
export function omnikeySle4442Firmware(chip: Sle4442Chip, options?: OmnikeyFirmwareOptions): OmnikeyFirmware {
  return new OmnikeyFirmware(
    {
      table: OMNIKEY_SLE4442,
      bus: OMNIKEY_BUS.twoWire,
      size: MAIN_SIZE,
      codeSize: PSC_SIZE,
      counterFull: ERROR_COUNTER_FULL,
      read: (address, take) => chip.command({ control: CONTROL.readMain, address, data: 0, take }),
      write: (address, data) => void chip.command({ control: CONTROL.updateMain, address, data }),
      present: (code) => presentSle4442(chip, code),
      command({ control, address, data }) {
        const known: Control | undefined = CONTROLS.find((one) => one === control);
        if (known === undefined) return undefined;
        // Of main memory one byte comes, as the maker's sample reads it.
        return known === CONTROL.readMain
          ? chip.command({ control: known, address, data, take: 1 })
          : chip.command({ control: known, address, data });
      },
    },
    options,
  );
}
