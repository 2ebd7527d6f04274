export const machine = {
  'machine.clock': '这台机器的时间不对，请告诉工作人员',
  'paused.title': '这台机器暂停服务',
  'paused.todo': '请到别的机器充值，或打电话问工作人员。',
  'paused.paid': '已经付了钱、电还没写进卡的，请照常插卡，这里能写完。',
  'stop.suspended': '工作人员：后台停用了这台机器。要恢复，请联系管理员。',
  'stop.retired': '工作人员：后台已把这台机器报废。还要用它，请清除密钥后重新登记。',
  'stop.rejected': '工作人员：后台拒绝了这台机器接入。请联系管理员。',
} as const;

export type MachineKey = keyof typeof machine;
