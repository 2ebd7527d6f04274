import type { Words } from '@bianmin/purchase/i18n/translate';
import type { PurchaseKey } from '../zh-CN/purchase.ts';

/** Machine-drafted; not yet signed off by a native reader. */
export const purchase: Words<PurchaseKey> = {
  'help.staff': 'يېنىڭىزدىكى خادىمنى چاقىرىڭ ياكى تېلېفون قىلىڭ:',
  'amount.other': 'باشقا سومما',
  'amount.enter': 'پۈتۈن يۈەن كىرگۈزۈڭ',
  'done.todo': 'كارتىنى چىقىرىپ، ئۆيدە سائەتكە سېلىڭ',
  'credited.count': '{n}-قېتىملىق سېتىۋېلىش',
  'grid-silent.todo':
    'بىز سۈرۈشتۈرۈۋېرىمىز، ئەڭ كېچىككەندە ئەتە نەتىجىسى چىقىدۇ. كارتىڭىزنى ئېلىپ كەتسىڭىز بولىدۇ',
  'undone.title': 'ئالدىنقى قېتىم ئالغان توك قايتۇرۇلدى',
  'problem.card-damaged.todo': 'خادىمنى چاقىرىڭ ياكى توك ئىشخانىسىغا بېرىڭ',
  'problem.card-protected-tries.todo': 'كارتا قۇلۇپلىنىپ قالمىسۇن دەپ توختىدۇق. خادىمنى چاقىرىڭ',
  'problem.card-changed.todo': 'خادىمنى چاقىرىڭ، قايتا پۇل تۆلىمەڭ',
  'problem.not-yet-used.todo': 'ئاۋۋال ئۆيدە كارتىنى سائەتكە سېلىڭ، ئاندىن كېلىڭ',
  'problem.server-away.todo': 'سەل تۇرۇپ سىناڭ ياكى خادىمنى چاقىرىڭ',
  'problem.not-enrolled.todo': 'خادىم ئاۋۋال تەستىقلىشى كېرەك',
  'problem.journal-broken.todo': 'باشقا ماشىنىنى ئىشلىتىڭ ۋە خادىمغا ئېيتىڭ',
  'problem.write-failed.todo': 'خادىمنى چاقىرىڭ، قايتا پۇل تۆلىمەڭ',
  'problem.unexpected.todo': 'كارتىنى چىقىرىپ قايتا سىناڭ؛ يەنە بولمىسا خادىمنى چاقىرىڭ',
};
