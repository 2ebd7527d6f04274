import type { MachineKey } from '../zh-CN/machine.ts';

/** Machine-drafted; not yet signed off by a native reader. */
export const machine: Readonly<Record<MachineKey, string>> = {
  'machine.clock': 'بۇ ماشىنىنىڭ ۋاقتى توغرا ئەمەس، خىزمەتچىگە ئېيتىپ قويۇڭ',
  'paused.title': 'بۇ ماشىنا ۋاقىتلىق مۇلازىمەت قىلمايدۇ',
  'paused.todo': 'باشقا ماشىنىدا پۇل تولۇقلاڭ ياكى خىزمەتچىگە تېلېفون قىلىڭ.',
  'paused.paid':
    'پۇل تۆلەپ بولغان، ئەمما كارتىغا يېزىلمىغان بولسا، كارتىنى سېلىڭ، بۇ يەردە يېزىپ بولغىلى بولىدۇ.',
};
