import type { MachineKey } from '../zh-CN/machine.ts';

export const machine: Readonly<Record<MachineKey, string>> = {
  'machine.question.title': 'Are you still there?',
};
