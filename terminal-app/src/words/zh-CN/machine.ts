export const machine = {
  'machine.clock': '这台机器的时间不对，请告诉工作人员',
  'machine.question.title': '您还在吗？',
} as const;

export type MachineKey = keyof typeof machine;
