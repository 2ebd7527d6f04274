import { parseAtr } from '../../framing/atr.ts';
import { FramingError } from '../../framing/error.ts';

/** Whether bytes are a whole, proper answer to reset (ISO/IEC 7816-3 §8.2). Deviations of a real card do not matter. */
export function isIsoAtr(atr: Uint8Array): boolean {
  try {
    parseAtr(atr);
    return true;
  } catch (error) {
    if (!(error instanceof FramingError)) throw error;
    return false;
  }
}
