import { CHANNEL_TABLE, CHANNELS, type Channel } from '@bianmin/purchase/api/channels';

/** Which wallet's own browser shows this page; undefined: an ordinary one. */
export function walletOf(userAgent: string): Channel | undefined {
  return CHANNELS.find((name) => CHANNEL_TABLE[name].browser.test(userAgent));
}
