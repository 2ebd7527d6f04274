import type { Language } from './language.ts';

/** One wallet, as people know it. */
interface ChannelRow {
  /** As a means of paying. */
  readonly brand: Readonly<Record<Language, string>>;
  /** As what a phone opens; absent: the same. */
  readonly app?: Readonly<Record<Language, string>>;
  /** Of the wallet's own browser, in what it says of itself. */
  readonly browser: RegExp;
}

/** Every wallet that can be paid with, in the order in which they are offered. */
const TABLE = {
  wechat: {
    brand: { 'zh-CN': '微信支付', ug: 'ئۈندىدار تۆلىمى', en: 'WeChat Pay' },
    app: { 'zh-CN': '微信', ug: 'ئۈندىدار', en: 'WeChat' },
    browser: /MicroMessenger/i,
  },
  alipay: {
    brand: { 'zh-CN': '支付宝', ug: 'ئاليپاي', en: 'Alipay' },
    browser: /AlipayClient/i,
  },
  bestpay: {
    brand: { 'zh-CN': '翼支付', ug: 'بېستپاي', en: 'Bestpay' },
    browser: /Bestpay/i,
  },
} as const satisfies Readonly<Record<string, ChannelRow>>;

export type Channel = keyof typeof TABLE;
export const CHANNEL_TABLE: Readonly<Record<Channel, ChannelRow>> = TABLE;
export const CHANNELS = Object.keys(TABLE) as [Channel, ...Channel[]];

/** A wallet's name: as a means of paying, or as the app that a phone opens. */
export function channelName(channel: Channel, language: Language, as: 'brand' | 'app'): string {
  const { brand, app = brand } = CHANNEL_TABLE[channel];
  return (as === 'app' ? app : brand)[language];
}

/** A catalogue's words for every wallet: `pay.wechat`, `pay.alipay`, … */
export function channelWords<Prefix extends string>(
  prefix: Prefix,
  language: Language,
  as: 'brand' | 'app' = 'brand',
): Record<`${Prefix}.${Channel}`, string> {
  const words: Record<string, string> = {};
  for (const name of CHANNELS) words[`${prefix}.${name}`] = channelName(name, language, as);
  return words;
}

/** Every wallet as a means of paying, by its id. */
export function brandNames(language: Language): Record<Channel, string> {
  const names = CHANNELS.map((name) => [name, CHANNEL_TABLE[name].brand[language]]);
  return Object.fromEntries(names) as Record<Channel, string>;
}

const OR: Readonly<Record<Language, readonly [between: string, last: string]>> = {
  'zh-CN': ['、', '或'],
  ug: ['، ', ' ياكى '],
  en: [', ', ' or '],
};

/** Every wallet's app by name: "WeChat, Alipay or Bestpay". */
export function anyChannel(language: Language): string {
  const [between, last] = OR[language];
  const names = CHANNELS.map((name) => channelName(name, language, 'app'));
  return names.length < 2
    ? names.join('')
    : `${names.slice(0, -1).join(between)}${last}${names.slice(-1).join('')}`;
}
