import type { Words } from '@bianmin/purchase/i18n/translate';
import type { VoiceKey } from '../zh-CN/voice.ts';

export const voice: Words<VoiceKey> = {
  'voice.label': 'Sound',
  'voice.off': 'Mute',
  'voice.loud': 'Loud',

  'say.who': 'Please look at the screen. If it is right, press yes',
  'say.amount': 'Press an amount on the screen',
  'say.pay': '{yuan} yuan in all',
  'say.cash-staff': 'Please wait for a member of staff to take the cash',
  'say.cash-take': 'Please pay {yuan} yuan in cash',
  'say.writing': 'Writing your card. Please leave it in',
  'say.bill-paid': 'The electricity bill is paid',
  'say.remote-asked': 'A member of staff asks to work on the card from afar. Please look at the screen',
};
