import type { CcidDescriptor } from '../framing/ccid/descriptor.ts';
import { FEATURE } from '../framing/ccid/constants.ts';
import { DEFAULT_FI_DI, fiDiOf } from '../framing/fi-di.ts';

/** Every code of D in the low half of TA1. */
const D_CODES = Array.from({ length: 16 }, (_, code) => code);

/** Bits a second at a clock in kHz; 0 for a reserved value. */
export function bitRate(fiDi: number, clockKHz: number): number {
  const factors = fiDiOf(fiDi);
  return factors === undefined ? 0 : Math.floor((clockKHz * 1000 * factors.di) / factors.fi);
}

/**
 * The fastest speed between the default and what the card offers (TA1) that the reader takes, coded as TA1. A reader
 * that is too slow for the card's D is offered a lower one (ISO/IEC 7816-3:2006 §9.1 allows any from 1 to the card's).
 * One that does not change its bit rate by itself (dwFeatures 20) stays at the default, and so does a clock that is
 * above what the card takes at that F. Which single rates a reader with a list of them takes, SetParameters tells:
 * R:LudovicRousseau/CCID asks for the list (GET_DATA_RATES), which a UsbPort does not carry.
 */
export function bestSpeed(ta1: number, descriptor: CcidDescriptor): number {
  const { features, defaultClock, dataRate, maxDataRate } = descriptor;
  const card = fiDiOf(ta1);
  if (card === undefined || (features & FEATURE.autoBaud) === 0) return DEFAULT_FI_DI;
  if (defaultClock > card.fMaxKHz) return DEFAULT_FI_DI;
  const limit = Math.max(dataRate, maxDataRate);
  let best = DEFAULT_FI_DI;
  for (const code of D_CODES) {
    const fiDi = (ta1 & 0xf0) | code;
    const di = fiDiOf(fiDi)?.di;
    if (di === undefined || di > card.di) continue;
    const rate = bitRate(fiDi, defaultClock);
    if (rate > bitRate(best, defaultClock) && rate <= limit) best = fiDi;
  }
  return best;
}
