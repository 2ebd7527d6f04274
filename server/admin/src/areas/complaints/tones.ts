import type { Tone } from '../../parts/tone.ts';
import type { ComplaintState } from './api.ts';

export const TONES: Readonly<Record<ComplaintState, Tone>> = {
  open: 'warning',
  answered: 'moving',
  finished: 'good',
};
