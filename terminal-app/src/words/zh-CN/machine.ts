export const machine = {
  'machine.clock': '这台机器的时间不对，请告诉工作人员',
  'paused.title': '这台机器暂停服务',
  'paused.todo': '请到别的机器充值，或打电话问工作人员。',
  'paused.paid': '已经付了钱、电还没写进卡的，请照常插卡，这里能写完。',
} as const;

export type MachineKey = keyof typeof machine;
