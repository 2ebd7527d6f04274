import type { RefusedKey } from '../../../orders/desk/refused-keys.ts';
import { ofProvince, type Finding } from '../finding.ts';

/** Keys of the grid that are tried on no card any more, told at once: one alert a chip. */
export function keysRefused(keys: readonly RefusedKey[]): Finding[] {
  return keys.map(({ chip, since }) =>
    ofProvince({ rule: 'grid.key-refused', subject: chip, since, count: 1 }),
  );
}
