import { expect, it } from 'vitest';
import { METER_CHIPS, METER_FILES } from '../testing/meter-files.ts';
import { bytesOf } from './image.ts';
import { builtInLayout } from './built-in-layouts.ts';

it.each(METER_CHIPS)(
  'of %s reads every file that the sandbox puts on it, and the codes that guard them',
  (chip) => {
    const profile = builtInLayout(chip);
    const regions = (profile?.regions ?? []).map(({ zone, offset, length }) => ({
      zone,
      offset,
      data: new Uint8Array(length),
    }));
    const { serial, parameters, purse, returnData, codes } = METER_FILES[chip];
    for (const file of [serial, parameters, purse, returnData]) {
      expect(bytesOf({ regions }, file)?.length).toBe(file.length);
    }
    expect(profile?.serial).toEqual(serial);
    expect(profile?.purse).toEqual(purse);
    expect(profile?.codes).toEqual(codes.map(({ key }) => key));
  },
);
