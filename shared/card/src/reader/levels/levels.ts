import type { ExchangeLevel } from '../../framing/ccid/descriptor.ts';
import { CHARACTER_LEVEL } from './character.ts';
import { EXTENDED_APDU_LEVEL } from './extended-apdu.ts';
import type { Level } from './level.ts';
import { SHORT_APDU_LEVEL } from './short-apdu.ts';
import { TPDU_LEVEL } from './tpdu.ts';

/** One for each level that a reader can work at. */
export const LEVELS: Readonly<Record<ExchangeLevel, Level>> = {
  character: CHARACTER_LEVEL,
  tpdu: TPDU_LEVEL,
  'short-apdu': SHORT_APDU_LEVEL,
  'extended-apdu': EXTENDED_APDU_LEVEL,
};
