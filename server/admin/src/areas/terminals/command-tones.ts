import type { CommandState } from '@bianmin/purchase/api/command';
import type { Tone } from '../../parts/tone.ts';

export const COMMAND_TONES: Readonly<Record<CommandState, Tone>> = {
  queued: 'quiet',
  delivered: 'moving',
  done: 'good',
  failed: 'bad',
  refused: 'warning',
  expired: 'warning',
  cancelled: 'quiet',
};

/** How long a command may wait, s. */
export const LIVES = [600, 3_600, 86_400, 604_800] as const;
