import type { en } from './en.ts';

export const zhCN: Readonly<Record<keyof typeof en, string>> = {
  help: `bianmin-card：查看购电卡和读卡器；没有两次确认，绝不写卡。

  readers                      列出读卡器：怎样驱动，有没有卡
  identify                     认出卡的芯片，不消耗密码次数
  dump                         读出可读的全部内容，密码不显示
  diff A B                     比较两份读出结果（dump --json）或录制文件
  watch                        随时报告插卡、拔卡，按 Ctrl-C 结束
  record 文件                  录制 identify 和 dump，不含密码 [--by 谁] [--note 说明]
  replay 文件                  把录制文件当作卡来读
  write --plan 文件            先显示写卡方案会改什么；加 --yes 才写
  change-code --codes 文件     修改卡密码：请先读它的警告
  accept 文件                  一步步检查一张卡和一个读卡器，只读不写，写出签名的报告
  doctor                       读卡器用不了的原因和办法
  models                       已知的读卡器、依据，以及还不知道的

用哪个读卡器：--reader 序号或名称的一部分，--via pcsc|usb|hid
给程序用：--json       语言：--lang en|zh-CN`,
  'help.project': `在本项目的源码目录里：--simulate 芯片[:种子]，--sandbox ws://…/world/readers/名称/usb，
                      record --fixture 名称`,

  'error.line': '{message} [{code}]',
  'error.fault': '工具自身出错：{message}。请把输入的命令一并反馈。',

  'driven.ccid-usb': '直接走 USB（CCID）',
  'driven.hid': '直接走 USB（HID）',
  'driven.pcsc': '走系统的 PC/SC 服务',
  'driven.sandbox': '走沙箱',
  'driven.simulated': '模拟',

  'readers.none': '没有找到读卡器。运行 `bianmin-card doctor` 查原因。',
  'list.comma': '，',
  'readers.model': '型号 {model}',
  'readers.card': '有卡',
  'readers.no-card': '没有卡',
  'readers.cpu-only': '只能读 CPU 卡：它驱动存储卡的方式未知',
  'readers.memory': '存储卡用 {dialect} 命令',
  'readers.fault': '打不开：{where}：{why}',
  'readers.not-closed': '有读卡器关不上：{why}',

  'identify.reader': '读卡器：{reader}',
  'identify.atr': '复位应答：{atr}',
  'identify.chip': '芯片：{chip}（{how}）',
  'identify.zones': '可读：{zones}',
  'identify.no-zones': '本工具还不知道这种芯片能读什么。',
  'decided.atr': '由复位应答判定',
  'decided.probe': '由存储器中的固定内容判定',
  'atr.memory': '存储卡，总线 {bus}，{units} 个单元，每个 {bits} 位',
  'atr.iso': 'ISO 7816-3，约定 {convention}，{protocols}',
  'atr.historical': '历史字节 {bytes}',
  'atr.unreadable': '不是完整的复位应答',
  'tries.none': '密码：无需校验',
  'tries.full': '密码 {code}：剩余 {left}/{full} 次',
  'tries.fewer': '密码 {code}：只剩 {left}/{full} 次。查明原因之前不要再校验。',
  'tries.unseen': '密码 {code}：读卡器看不到剩余次数 [{why}]。不要在这里校验。',
  'tries.locked': '密码 {code}：已永久锁死，此卡只能读。',

  'dump.chip': '{chip}，复位应答 {atr}',
  'dump.zone': '{zone}：{length} 字节，{access}',
  'dump.protected': '永久写保护：{spans}',
  'dump.unprotected': '没有写保护',
  'dump.unreadable': '读不出 [{code}]',
  'access.code': '校验密码后可写',
  'access.mac': '认证后带 MAC 可写',
  'access.plain': '谁都可写',
  'access.issuer': '只有发卡方可写',
  'access.never': '已不可再写',
  'access.hidden': '存有密码，从不显示',
  'meter.title': '电表文件（若与本项目的布局相同）：',
  'meter.serial': '卡序列号 {serial}',
  'meter.parameters': '参数文件：{fields}',
  'meter.purse': '钱包：{yuan} 元，第 {count} 次购电',
  'meter.return': '返写文件：{fields}',
  'meter.damaged': '帧或校验和不符：布局不同，或已损坏',
  'meter.blank': '空',

  'diff.same': '完全相同。',
  'diff.chip': '芯片不同。',
  'diff.atr': '复位应答不同。',
  'diff.tries': '密码 {code}：剩余次数先 {a} 后 {b}',
  'diff.zone': '{zone}：{runs} 处不同',
  'diff.only-a': '{zone}：只有第一份读出',
  'diff.only-b': '{zone}：只有第二份读出',

  'watch.begin': '正在观察，按 Ctrl-C 结束。',
  'watch.reader': '{reader}：读卡器已接上',
  'watch.reader-gone': '{reader}：读卡器已拔下',
  'watch.inserted': '{reader}：卡已插入',
  'watch.removed': '{reader}：卡已拔出',

  'record.done': '已录制到 {file}：{exchanges} 条命令，其中 {hidden} 行有隐藏的字节。回放结果与读出一致。',
  'record.next': '交给别人之前请先看一遍：里面没有密码，但有卡序列号、户号和表号。请用备用卡。',
  'replay.played': '{exchanges} 条命令全部回放。',
  'replay.same': '读出结果与录制时相同，没有露出应当隐藏的字节。',
  'replay.differs': '读出结果与录制时不同：',
  'replay.no-dump': '录制文件里没有读出结果可比较。',

  'write.nothing': '卡上已经是方案要写的内容。',
  'write.codes': '将校验密码（{codes} 个）。此刻拔卡会少一次机会，下次校验正确后恢复。',
  'write.continues': '后续内容由电网根据卡的应答给出。',
  'write.not-agreed': '没有写卡。加 --yes 才写。',
  'write.done': '已写入，回读一致。',

  'change.warning':
    '这是唯一无法做到安全的一步。{chip} 在修改密码时断电，密码既不是旧的也不是新的，谁也查不出来，此卡从此不能再写。本工具的其他步骤随时中断都不要紧。',
  'change.tries': '剩余次数完整：{left} 次。',
  'change.not-agreed': '没有修改。加 --yes --i-know-it-can-brick 才修改。',
  'change.done': '已修改。重新上电后校验新密码通过。',

  'models.chips': '卡：{chips}',
  'models.source': '依据 {source}',
  'models.unconfirmed': '未知：{what}',
  'accept.step': '{at}/{of}  {what}',
  'accept.ready': '按回车开始；不做就输入 s 和原因：',
  'accept.done': '     完成',
  'accept.skipped': '     没有做：{reason}',
  'accept.failed': '     没有成功 [{reason}]，继续下一步',
  'accept.written':
    '报告已写入 {file}，并已签名。里面没有密码，没有用户的号码，也没有卡里的内容。请先看一遍，再交出去。',
  'accept.finished': '{file} 是已经做完的报告。再做一次请换一个文件名。',
  'accept.now.out': '     现在请把卡拔出来。',
  'accept.now.in': '     现在请把卡再插进去。',
  'accept.now.fast': '     现在请把卡拔出再插回，越快越好。',
  'accept.now.unplug': '     现在请把读卡器从电脑上拔下来。',
  'accept.now.plug': '     现在请把读卡器插回去，卡留在里面。',
  'accept.question.maker': '读卡器上写的厂家是？',
  'accept.question.model': '读卡器上写的型号是？',
  'accept.question.label': '卡面上印的字是？（不要号码）',
  'accept.question.province': '这张卡是哪个省的？',
  'accept.step.reader': '找到读卡器。',
  'accept.step.questions': '问四个关于手里东西的问题。',
  'accept.step.power': '给卡上电，两次。',
  'accept.step.identify': '认出芯片。',
  'accept.step.tries': '读出剩余次数，不会用掉。',
  'accept.step.zones': '把能读的全部读两遍，互相比较。',
  'accept.step.speed': '读得有多快。',
  'accept.step.challenge': 'CPU 卡的随机数。',
  'accept.step.notices': '听到提示后，把卡拔出，再插入。',
  'accept.step.fast': '听到提示后，把卡拔出，马上插回。',
  'accept.step.replug': '听到提示后，把读卡器拔下，再插上。',
  'accept.step.tries-again': '再读一次剩余次数，应当一次不少。',

  'doctor.plugged': '插着的设备：',
  'doctor.as-reader': '读卡器 {model}',
  'doctor.no-usb': '系统没有给出任何 USB 设备。',
  'doctor.no-usb.do': '在容器或虚拟机里，请从外面把读卡器传进来（/dev/bus/usb 和 /sys/bus/usb）。',
  'doctor.no-reader': '没有插着本项目认识的、或自称是读卡器的设备。',
  'doctor.no-reader.do': '插上读卡器，不经集线器换一个口，看指示灯亮不亮。',
  'doctor.reader': '读卡器，型号 {model}，{kind}',
  'doctor.reader.do': '',
  'doctor.unknown-model': '自称是读卡器，但不在型号表里：只能读 CPU 卡',
  'doctor.unknown-model.do':
    '要用它读写存储卡，需要厂家手册，并为 {id} 加一行型号（docs/how-to/add-a-reader.md）。',
  'doctor.cpu-only': '只能读 CPU 卡：{model} 怎样驱动存储卡没有公开资料',
  'doctor.cpu-only.do':
    '要读写 SLE4442、SLE4428、AT88SC 卡，请换成 `bianmin-card models` 里列有这些卡的读卡器。',
  'doctor.node-missing': '没有设备节点 {path}',
  'doctor.node-missing.do': '重新插一次。在容器里请从外面传入 /dev。',
  'doctor.no-rights': '{path} 属于 {owner}；{user}（组 {groups}）无权使用（EACCES）',
  'doctor.no-rights.do': '照下面写好，重新插读卡器；如果加了组，请重新登录：',
  'doctor.held': '{name}（进程 {pid}）正占用着它（EBUSY）',
  'doctor.held.do': '关掉那个程序，或换一个读卡器：一个读卡器不能两家共用。',
  'doctor.held-unseen': '有一个看不到的程序占用着它（EBUSY）',
  'doctor.held-unseen.do': '用 sudo 运行 doctor 看是哪个程序，再关掉它。',
  'doctor.kernel-driver': '内核驱动 {drivers} 占着它',
  'doctor.kernel-driver.do': '走 USB 时打开读卡器会自动卸下驱动，不必处理。',
  'doctor.pcscd-owns': 'PC/SC 服务（pcscd，进程 {pid}）占有它',
  'doctor.pcscd-owns.do':
    '默认就走这个服务。要改走 USB：sudo systemctl stop pcscd.socket pcscd.service，再加 --via usb。二者只能选一。',
  'doctor.pcscd-would-own': 'PC/SC 服务在运行或随时启动，有驱动时会占有这个读卡器',
  'doctor.pcscd-would-own.do':
    '如果 `readers` 里没有它，就是服务缺驱动：安装 libccid 或厂家驱动；或停掉 pcscd.socket 和 pcscd.service，用 --via usb。',
  'doctor.pcscd-closed': 'PC/SC 服务不让当前用户使用（服务 {service}，套接字 {socket}）',
  'doctor.pcscd-closed.do':
    '请在本机登录，或让 polkit 允许 org.debian.pcsc-lite.access_pcsc 和 access_card。',
  'doctor.pcscd-none': '没有运行 PC/SC 服务（服务 {service}，套接字 {socket}）',
  'doctor.pcscd-none.do': '不需要它：读卡器直接走 USB。',
  'doctor.package-missing': '软件包 {name} 加载不了：{why}',
  'doctor.package-missing.do': '运行 npm rebuild {name}；可能缺编译器，PC/SC 还要 libpcsclite-dev。',
  'doctor.package-absent': '没有安装软件包 {name}',
  'doctor.package-absent.do':
    '读卡器要用到时运行 npm install {name}：usb 直接走 USB，node-hid 用于 HID 读卡器，@pokusew/pcsclite 走 PC/SC。',
  'doctor.package-other-node': '软件包 {name} 是为别的 Node 版本编译的',
  'doctor.package-other-node.do': '用现在的 Node 运行 npm rebuild {name}。',
  'doctor.library-missing': '软件包 {name} 需要 {library}，系统里没有',
  'doctor.library-missing.do': 'Debian 上运行：sudo apt-get install {debian}',
  'doctor.node-too-old': '现在是 Node {node}，不支持',
  'doctor.node-too-old.do': '请安装 Node 20.19、22.12、24 或这几条线上更新的版本。',
  'doctor.hidden-processes': '有 {count} 个其他用户的进程看不到，其中可能有占用读卡器的',
  'doctor.hidden-processes.do': '要确认，请用 sudo 运行一次 doctor。',
  'doctor.windows': 'Windows：读卡器走系统的智能卡服务（PC/SC），本工具会自动使用。',
  'doctor.windows.do':
    '请看设备管理器里的“智能卡读卡器”。驱动是“Microsoft Usbccid”或厂家驱动时不必处理。要直接走 USB，请换成 WinUSB 驱动（Zadig），此后系统服务就看不到它了。',
  'doctor.macos': 'macOS：读卡器走系统的智能卡服务（PC/SC），本工具会自动使用。',
  'doctor.macos.do':
    '系统的 CCID 驱动占着读卡器，--via usb 打不开。`system_profiler SPUSBDataType` 可列出插着的设备。',
  'doctor.other-platform': 'doctor 不认识这个系统。',
  'doctor.other-platform.do': '请试 `readers`。',
};
