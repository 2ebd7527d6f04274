import type { ReaderModel } from './models.ts';

/** What the rows of small and cheap readers share: nothing public says by which commands they drive memory cards, if they do. */
const NO_WAY_KNOWN = {
  source: 'R:LudovicRousseau/CCID readers/supported_readers.txt',
  unconfirmed: [
    'whether it drives memory cards at all: no public page has its commands, whatever it is sold for',
  ],
} as const;

type Row = readonly [id: string, name: string, vendorId: number, productId: number];

const ROWS: readonly Row[] = [
  // Inside of many nameless readers: "Generic EMV Smartcard Reader" on the box (readers/AU9540.txt, AlcorMicro_AU9560.txt).
  ['au9540', 'Alcor Micro AU9540', 0x058f, 0x9540],
  ['au9520', 'Alcor Micro AU9520', 0x058f, 0x9520],
  ['ak9563', 'Alcor Link AK9563', 0x2ce3, 0x9563],
  ['generic-emv', 'Generic EMV Smartcard Reader', 0x058c, 0x9590],
  ['rt-scr1', 'Rocketek RT-SCR1', 0x14cd, 0x8166],
  ['realtek-0165', 'Generic Smart Card Reader Interface', 0x0bda, 0x0165],
  ['realtek-0169', 'Generic USB2.0-CRW', 0x0bda, 0x0169],
  ['feitian-scr301', 'Feitian SCR301', 0x096e, 0x0503],
  ['scr3310', 'SCM Microsystems Inc. SCR 3310', 0x04e6, 0x5116],
  ['scr35xx', 'Identiv SCR35xx USB Smart Card Reader', 0x04e6, 0x581c],
  ['pc-twin', 'Gemalto PC Twin Reader', 0x08e6, 0x3437],
];

/** CCID readers that people have, for CPU cards alone as far as is known. None was tried by this project. */
export const CPU_ONLY_MODELS: readonly ReaderModel[] = ROWS.map(([id, name, vendorId, productId]) => ({
  ...NO_WAY_KNOWN,
  ...{ id, name, vendorId, productId },
}));
