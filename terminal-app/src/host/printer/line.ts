import type { Language } from '@bianmin/purchase/api/language';

/** One thing on the paper, from top to bottom; what it looks like is `escpos.ts`'s. */
export type Line =
  | {
      readonly is: 'text';
      readonly text: string;
      readonly language: Language;
      readonly big?: true;
      readonly bold?: true;
      readonly centred?: true;
    }
  /** Chinese. */
  | { readonly is: 'row'; readonly label: string; readonly value: string; readonly bold?: true }
  | { readonly is: 'rule' }
  | { readonly is: 'qr'; readonly text: string }
  | { readonly is: 'gap' };
