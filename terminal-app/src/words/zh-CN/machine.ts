export const machine = {
  'machine.clock': '这台机器的时间不对，请告诉工作人员',
} as const;

export type MachineKey = keyof typeof machine;
