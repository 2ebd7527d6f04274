/** Of a household whose balance the electricity company keeps. */
export const account = {
  'account.converted': '这户已改为远程费控，不用卡了，直接充值',
  'account.off': '现在停着电。账户里的钱补到 0 元以上，就会来电',
  'account.restored': '已复电，家里有电了',
  'account.crediting': '正在充到账户，一般不到一分钟',
  'account.step': '已入账户',
  'account.added': '充进账户',
  'account.due': '{date} 以前交',
  'account.billPaid': '{month} 的电费已交',
  'account.billAdded': '交了电费',
} as const;

export type AccountKey = keyof typeof account;
