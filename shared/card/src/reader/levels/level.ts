import type { Atr } from '../../framing/atr.ts';
import type { CcidResponse } from '../../framing/ccid/message.ts';
import type { CcidDescriptor } from '../../framing/ccid/descriptor.ts';
import { ReaderError } from '../error.ts';
import type { Exchange } from '../t0.ts';

/** One XfrBlock: what it carries, wLevelParameter, and the block waiting times that a T=1 card was granted. */
export interface BlockTransfer {
  readonly data: Uint8Array;
  /** Bytes expected at character level, `LEVEL` at extended-APDU level, else 0. */
  readonly level?: number;
  /** Bytes of data of the answer where the card does as it is asked; absent: not known. */
  readonly answer?: number;
  /** Multiplies the waiting time, of the reader (bBWI) and of ours; 1 when absent. */
  readonly waits?: number;
}

/** Sends one XfrBlock to a powered card and gives its DataBlock; throws `ReaderError` for one that failed. */
export type BlockPipe = (transfer: BlockTransfer) => Promise<CcidResponse>;

/** What a level needs to speak to a card. */
export interface LevelInit {
  readonly pipe: BlockPipe;
  readonly atr: Atr;
  /** Agreed on with the card: after reset, or by PPS. */
  readonly protocol: 0 | 1;
  readonly descriptor: CcidDescriptor;
}

/** How bytes go to a card through a reader of one exchange level (dwFeatures, CCID rev 1.1 §5.1). */
export interface Level {
  /** Whether we speak the card's protocol: its parameters, and PPS where the reader does not, are then ours to see to. */
  readonly hostSpeaks: boolean;
  /** A PPS request as it is, and what the card answered; never called where the reader speaks. */
  pps(pipe: BlockPipe, request: Uint8Array): Promise<Uint8Array>;
  /** Takes up the protocol: how one APDU goes out from now on. */
  start(init: LevelInit): Promise<Exchange>;
}

/** Pseudo-APDUs that the reader itself answers (PC/SC part 3): never reshaped. */
export const PSEUDO_CLASS = 0xff;

/** What an answer carries. */
export function dataOf({ data }: CcidResponse): Uint8Array {
  return data;
}

/** Where a reader speaks for us, no PPS is ours to send. */
export function readerSpeaks(): Promise<never> {
  return Promise.reject(
    new ReaderError({
      code: 'reader.unsupported',
      message: 'This reader negotiates by itself; use it as it is.',
    }),
  );
}
