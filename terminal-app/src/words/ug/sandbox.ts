import type { Words } from '@bianmin/purchase/i18n/translate';
import type { SandboxKey } from '../zh-CN/sandbox.ts';

/** Machine-drafted; not yet signed off by a native reader. */
export const sandbox: Words<SandboxKey> = {
  'sandbox.title': 'كارتا تارتمىسى',
  'sandbox.hint': 'كارتىنى بېسىپ ئوقۇغۇچقا سېلىڭ',
  'sandbox.inReader': 'ئوقۇغۇچتا',
  'sandbox.elsewhere': 'باشقا يەردە',
  'sandbox.eject': 'چىقىرىش',
  'sandbox.phone': 'سىناق يانفونى بىلەن سىكانىرلاش',
  'sandbox.meters': 'سائەتلەرگە بېرىش',
};
