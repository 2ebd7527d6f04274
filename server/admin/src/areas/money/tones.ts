import type { Compared } from '@bianmin/purchase/api/money';
import type { MonthView } from '@bianmin/purchase/api/months';
import type { Tone } from '../../parts/tone.ts';

export const COMPARED_TONES: Readonly<Record<Compared, Tone>> = {
  even: 'good',
  explained: 'warning',
  differs: 'bad',
  'without-bill': 'quiet',
  'not-yet': 'moving',
};

export const MONTH_TONES: Readonly<Record<MonthView['state'], Tone>> = {
  open: 'moving',
  compared: 'good',
  closing: 'moving',
  closed: 'quiet',
};
