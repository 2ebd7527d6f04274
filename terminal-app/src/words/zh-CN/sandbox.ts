export const sandbox = {
  'sandbox.title': '模拟抽屉',
  'sandbox.hint': '点一张卡，插进读卡器',
  'sandbox.inReader': '在读卡器里',
  'sandbox.elsewhere': '在别处',
  'sandbox.eject': '拔卡',
  'sandbox.phone': '用模拟手机扫码',
  'sandbox.meters': '去看电表',
} as const;

export type SandboxKey = keyof typeof sandbox;
