export const purchase = {
  'help.staff': '请叫旁边的工作人员，或者打电话：',
  'amount.other': '其他金额',
  'amount.enter': '请按整元输入',
  'done.todo': '请拔卡，回家插进电表',
  'credited.count': '第 {n} 次购电',
  'grid-silent.todo': '我们会一直查，最晚明天给您结果。您可以先拔卡回家',
  'undone.title': '上次买的电已经退了',
  'problem.card-damaged.todo': '请叫工作人员，或到供电营业厅处理',
  'problem.card-protected-tries.todo': '为了不锁卡，我们停下来了。请叫工作人员',
  'problem.card-changed.todo': '请叫工作人员，不要再付钱',
  'problem.not-yet-used.todo': '请先回家把卡插进电表，再来买',
  'problem.server-away.todo': '请过一会儿再试，或叫工作人员',
  'problem.not-enrolled.todo': '请工作人员在后台通过这台机器',
  'problem.journal-broken.todo': '请用别的机器，并告诉工作人员',
  'problem.write-failed.todo': '请叫工作人员，不要再付钱',
  'problem.unexpected.todo': '请拔卡再来一次；还不行就叫工作人员',
} as const;

export type PurchaseKey = keyof typeof purchase;
