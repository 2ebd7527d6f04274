export const machine = {
  'machine.question.title': '您还在吗？',
} as const;

export type MachineKey = keyof typeof machine;
