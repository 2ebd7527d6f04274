import type { ChipDriver, ChipName, MemoryReader } from '../chip/contract.ts';
import type { CpuDialect } from '../chip/cpu/dialect.ts';
import type { Region } from '../chip/region.ts';
import type { CardSession } from '../reader/slot.ts';

/** Bytes by which a maker's cards are told from others on the same chip; `bytes` is upper-case hex. */
export interface MakersMark {
  readonly zone: string;
  /** Bytes from the zone's start. */
  readonly offset: number;
  readonly bytes: string;
}

/** Where one maker's files lie on one chip. Another maker's are another entry of a document, and no code. */
export interface CardLayout {
  /** Its name in journals and messages; never another layout's. */
  readonly id: string;
  readonly maker: string;
  readonly chip: ChipName;
  /** All of these stand on each of its cards and no write changes them. None: its maker is the chip's only one. */
  readonly recognise: readonly MakersMark[];
  readonly serial: Region;
  /** What the grid must see, read in this order; contiguous regions of one zone are one run, for one command. */
  readonly regions: readonly Region[];
  /** Amount and count, with their MAC where there is one: what makes a meter credit. */
  readonly purse: Region;
  /** Where the other files lie, within the regions, for a grid whose line names them. A CPU card's dialect says so itself. */
  readonly files?: { readonly parameters: Region; readonly returnData: Region };
  /** The chip's numbers of the codes that a write needs; none on CPU cards, whose keys answer challenges. */
  readonly codes: readonly number[];
  /** CPU cards alone. */
  readonly dialect?: CpuDialect;
}

/** Every layout that is known at one time; a higher version takes the place of a lower one. */
export interface CardLayouts {
  readonly version: number;
  readonly layouts: readonly CardLayout[];
}

export interface RecognisedCard {
  readonly driver: ChipDriver;
  /** Undefined: no layout is this card's, and it must be left alone. */
  readonly layout: CardLayout | undefined;
}

/** Finds a card's chip and its layout; presents nothing and burns no try. */
export type Recognise = (session: CardSession, reader: MemoryReader) => Promise<RecognisedCard>;
