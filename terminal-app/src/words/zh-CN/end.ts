export const end = {
  'done.paidBefore': '上次付了',
  'done.meter': '等电表上的钱变多了，再把卡拔出来',
} as const;

export type EndKey = keyof typeof end;
