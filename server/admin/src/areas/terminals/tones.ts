import type { AdminTerminal } from '@bianmin/purchase/api/admin-terminals';
import type { Tone } from '../../parts/tone.ts';

/** Whether a terminal is there, as it is shown everywhere. */
export const PRESENCE_TONES: Readonly<Record<AdminTerminal['presence'], Tone>> = {
  online: 'good',
  late: 'warning',
  missing: 'bad',
  never: 'quiet',
  unknown: 'quiet',
};
