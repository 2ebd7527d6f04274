import type { MachineKey } from '../zh-CN/machine.ts';

/** Machine-drafted; not yet signed off by a native reader. */
export const machine: Readonly<Record<MachineKey, string>> = {
  'machine.clock': 'بۇ ماشىنىنىڭ ۋاقتى توغرا ئەمەس، خىزمەتچىگە ئېيتىپ قويۇڭ',
};
