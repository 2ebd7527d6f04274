import type { Words } from '@bianmin/purchase/i18n/translate';
import type { VoiceKey } from '../zh-CN/voice.ts';

/** Machine-drafted; not yet signed off by a native reader. */
export const voice: Words<VoiceKey> = {
  'voice.label': 'ئاۋاز',
  'voice.off': 'ئۈنسىز',
  'voice.loud': 'يۇقىرى',

  'say.who': 'ئېكرانغا قاراڭ، توغرا بولسا، ھەئە مېنىڭ دېگەننى بېسىڭ',
  'say.amount': 'ئېكراندىكى بىر سوممىنى بېسىڭ',
  'say.pay': 'جەمئىي {yuan} يۈەن',
  'say.cash-staff': 'خادىمنىڭ نەق پۇلنى تاپشۇرۇۋېلىشىنى ساقلاڭ',
  'say.cash-take': 'نەق پۇل {yuan} يۈەن تۆلەڭ',
  'say.writing': 'كارتىغا يېزىلىۋاتىدۇ، كارتىنى چىقارماڭ',
  'say.bill-paid': 'توك پۇلى تۆلەندى',
  'say.remote-asked': 'خادىم يىراقتىن كارتىنى مەشغۇلات قىلماقچى، ئېكرانغا قاراڭ',
};
