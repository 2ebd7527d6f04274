import type { CardSession } from '../../reader/slot.ts';
import type { ChipFamily } from '../contract.ts';
import { startsAsMemory } from '../response.ts';
import { isIsoAtr } from './atr.ts';
import { D1_CARD } from './dialect-d1.ts';
import { CpuDriver } from './driver.ts';

/** AT88SC1616C: a memory chip that answers T=0 (Microchip CryptoMemory data sheet §5.3.1); not a CPU card. */
const CRYPTO_MEMORY_ATR = [0x3b, 0xb2, 0x11, 0x00, 0x10, 0x80, 0x00, 0x16] as const;

/**
 * Any proper answer to reset that is no memory card's is a CPU card; that it is an electricity card shows when
 * its serial can be read. Dialects cannot be told apart by it: cards are taken for D1, and `openCpuCard` probes.
 */
export const cpuFamily: ChipFamily = {
  chip: 'CPU',
  matches: (atr) =>
    isIsoAtr(atr) &&
    !startsAsMemory(atr) &&
    // With bytes behind it, it is neither: no driver takes it.
    !CRYPTO_MEMORY_ATR.every((byte, i) => atr[i] === byte),
  open: (session: CardSession) => Promise.resolve(new CpuDriver(session, D1_CARD)),
};
