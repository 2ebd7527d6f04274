import { describe, expect, it } from 'vitest';
import { anyChannel, brandNames, CHANNEL_TABLE, CHANNELS, channelWords } from './channels.ts';

describe('the wallets', () => {
  it('have a name as a means of paying, and one as what a phone opens', () => {
    expect(channelWords('pay', 'zh-CN')).toEqual({
      'pay.wechat': '微信支付',
      'pay.alipay': '支付宝',
      'pay.bestpay': '翼支付',
    });
    expect(channelWords('link', 'en', 'app')).toEqual({
      'link.wechat': 'WeChat',
      'link.alipay': 'Alipay',
      'link.bestpay': 'Bestpay',
    });
    expect(brandNames('en')).toEqual({ wechat: 'WeChat Pay', alipay: 'Alipay', bestpay: 'Bestpay' });
  });

  it('are named together as a sentence names them', () => {
    expect(anyChannel('en')).toBe('WeChat, Alipay or Bestpay');
    expect(anyChannel('zh-CN')).toBe('微信、支付宝或翼支付');
    expect(anyChannel('ug')).toBe('ئۈندىدار، ئاليپاي ياكى بېستپاي');
  });

  it('are each told by one browser only', () => {
    const said = { wechat: 'MicroMessenger/8.0', alipay: 'AlipayClient/10.5', bestpay: 'Bestpay/11.3.0' };
    for (const [name, text] of Object.entries(said))
      expect(CHANNELS.filter((each) => CHANNEL_TABLE[each].browser.test(`Mozilla/5.0 ${text}`))).toEqual([
        name,
      ]);
  });
});
