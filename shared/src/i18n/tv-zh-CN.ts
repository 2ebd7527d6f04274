/**
 * The words of the home box alone. `tv.` before another key says the same thing as it is said at home, where no staff
 * stand beside the screen.
 */
export const tvZhCN = {
  'tv.starting': '正在启动',
  'tv.settings': '设置',
  'tv.settings.language': '语言',
  'tv.settings.size': '字的大小',
  'tv.settings.voice': '语音播报',
  'tv.settings.on': '开',
  'tv.settings.off': '关',
  'tv.settings.update': '检查更新',
  'tv.settings.latest': '已经是最新版本',
  'tv.settings.updating': '有新版本，正在安装',
  'tv.settings.version': '版本 {v}',
  'tv.leave': '退出',
  'tv.keys': '用遥控器的方向键选，按“确定”',

  'tv.reader.title': '请把读卡器插到盒子上',
  'tv.reader.todo': '插在盒子背面或侧面的 USB 口，插紧就能用',
  'tv.reader.ready': '读卡器已接好',
  'tv.reader.askTitle': '请允许使用读卡器',
  'tv.reader.askTodo': '刚才没有选“允许”。请按“再试一次”，在弹出的框里选“确定”',
  'tv.reader.unknownTitle': '这个读卡器用不了',
  'tv.reader.unknownTodo': '插着的是“{name}”。请换上随盒子发的读卡器，或打帮助电话',

  'tv.enrol.title': '这个盒子还没有启用',
  'tv.enrol.todo': '请打帮助电话，告诉他们下面的号码。启用以后会自动开始',
  'tv.enrol.code': '盒子号码',
  'tv.enrol.rejectedTitle': '这个盒子没有通过',
  'tv.enrol.rejectedTodo': '请打帮助电话，告诉他们下面的号码',
  'tv.broken.title': '这个盒子要检修',
  'tv.broken.todo': '请把盒子关掉再打开；还不行就打帮助电话',
  'tv.unfinished': '上次付的钱还没有写进卡里。请插回那张卡，不用再付钱',

  'tv.amount.digits': '也可以按数字键，直接输入金额',
  'tv.pay.one': '三家通用',
  'tv.pay.codes': '付款码',

  'tv.help.staff': '请打电话：',
  'tv.done.todo': '请拔卡，插进电表',
  'tv.grid-silent.todo': '我们会一直查，最晚明天给您结果。您可以先拔卡',
  'tv.problem.card-damaged.todo': '请打帮助电话，或到供电营业厅处理',
  'tv.problem.card-protected-tries.todo': '为了不锁卡，我们停下来了。请打帮助电话',
  'tv.problem.card-changed.todo': '不要再付钱，请打帮助电话',
  'tv.problem.not-yet-used.todo': '请先把卡插进电表，再来买',
  'tv.problem.server-away.todo': '请看看盒子的网线或无线网，过一会儿再试',
  'tv.problem.not-enrolled.todo': '请打帮助电话启用',
  'tv.problem.journal-broken.todo': '先不要用它充值，请打帮助电话',
  'tv.problem.write-failed.todo': '不要再付钱，请打帮助电话',
  'tv.problem.unexpected.todo': '请拔卡再来一次；还不行就打帮助电话',
} as const;
