import type { Clock } from '@bianmin/shared/clock';
import type { WorldReader } from './readers.ts';
import { WorldError } from './world-error.ts';

export function simulatedReader(_init: { realTime: boolean; clock: Clock }) {
  return (_id: string, _onRemoved: () => void): WorldReader => {
    throw new WorldError(409, 'No reader yet.');
  };
}
