import type { Attack } from './attack.ts';
import { forged } from './wallets/forged.ts';

/** Every attack, by who tries it. */
export const ATTACKS: readonly Attack[] = [...forged];
