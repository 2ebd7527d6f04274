import type { Compared } from '@bianmin/purchase/api/money';
import type { Tone } from '../../parts/tone.ts';

export const COMPARED_TONES: Readonly<Record<Compared, Tone>> = {
  even: 'good',
  explained: 'warning',
  differs: 'bad',
  'without-bill': 'quiet',
  'not-yet': 'moving',
};
