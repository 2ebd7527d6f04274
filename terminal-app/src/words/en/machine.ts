import type { Words } from '@bianmin/purchase/i18n/translate';
import type { MachineKey } from '../zh-CN/machine.ts';

export const machine: Words<MachineKey> = {
  'machine.clock': 'The clock of this machine is wrong. Please tell the staff.',
  'paused.title': 'This machine is out of service',
  'paused.todo': 'Please use another machine, or call the staff.',
  'paused.paid':
    'Have you paid already, and the card is not written yet? Insert it: that can be finished here.',
  'stop.suspended': 'Staff: this machine was suspended at the console. An administrator can resume it.',
  'stop.retired': 'Staff: this machine was retired. To use it again, remove its keys and enrol it anew.',
  'stop.rejected': 'Staff: this machine was rejected at the console. Please ask an administrator.',
};
