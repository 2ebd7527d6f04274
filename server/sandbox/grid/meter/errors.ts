/**
 * The numbers a meter shows when it does not do what the card asks, as meter firmware in public repositories
 * lists them, with words for the sandbox's own page. 1 to 3 and 19 are of the meter itself and not of a card: the
 * sandbox has them as an ailment that a test gives a meter.
 */
export const METER_ERRORS = {
  1: { zh: '电压过低', en: 'Low voltage' },
  2: { zh: '安全模块读写失败', en: 'ESAM read or write failed' },
  3: { zh: '安全模块复位失败', en: 'ESAM reset failed' },
  4: { zh: '卡片复位失败：卡插反了，或不是电卡', en: 'The card does not answer: reversed, or not a card' },
  5: { zh: '内部认证失败', en: 'Internal authentication failed' },
  6: { zh: '外部认证失败', en: 'External authentication failed' },
  7: { zh: '未发行的卡', en: 'The card was never issued' },
  8: { zh: '卡片类型错误', en: 'Wrong card type' },
  9: { zh: '卡片密钥状态错误：卡已锁', en: 'Key state: the card is locked' },
  10: { zh: 'MAC 校验错误', en: 'MAC is wrong' },
  11: { zh: '表号不符', en: 'Another meter’s card' },
  12: { zh: '户号不符', en: 'Another customer’s card' },
  13: { zh: '卡序列号不符', en: 'Not the card last used here' },
  14: { zh: '文件格式错误', en: 'File format' },
  15: { zh: '未开户的表插入购电卡', en: 'Purchase card on an unopened meter' },
  16: { zh: '未开户的表插入补卡', en: 'Replacement card on an unopened meter' },
  17: { zh: '购电次数错误', en: 'Purchase count' },
  18: { zh: '返写区不为空', en: 'Return file not empty' },
  19: { zh: '通信错误', en: 'Communication' },
  20: { zh: '卡片提前拔出', en: 'Pulled early' },
  21: { zh: '超过囤积限额', en: 'Over the ceiling' },
} as const satisfies Record<number, { zh: string; en: string }>;

export type MeterErrorNumber = keyof typeof METER_ERRORS;

/** What can be wrong with the meter itself when a card comes: its supply, its security module, the bus between them. */
export const AILMENTS = [1, 2, 3, 19] as const satisfies readonly MeterErrorNumber[];
export type Ailment = (typeof AILMENTS)[number];
