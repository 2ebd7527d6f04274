import type { MachineKey } from '../zh-CN/machine.ts';

export const machine: Readonly<Record<MachineKey, string>> = {
  'machine.clock': 'The clock of this machine is wrong. Please tell the staff.',
};
