import { fromHex, toHex } from '../bytes/hex.ts';
import type { Region } from '../chip/region.ts';
import { purseMac, type BlockCipher8 } from './cos-crypto.ts';
import { CARD_TYPE, decodeParameters, encodeReturnData, isBlank } from './meter-layout.ts';
import { decodePurse, PURSE_LENGTH } from './meter-purse.ts';
import { bcdBytes } from './meter-bcd.ts';
import { METER_FILES, type MeterCard, type MeterFiles } from './meter-files.ts';
import type { SimulatedCard } from './simulated-card.ts';

/** Error numbers of meters (R:float12/WorkProjectsSVN GuoWang698): those that this oracle can give. */
export type MeterError = 8 | 10 | 11 | 12 | 13 | 14 | 17 | 18;

export interface OracleMeterInit {
  readonly cipher: BlockCipher8;
  /** Whose cards it takes. */
  readonly card: MeterCard;
  /** Key of this card's purse MAC; CPU cards need none. */
  readonly purseKey: Uint8Array;
  readonly meterNo: string;
  readonly customerNo: string;
  /** Hex: the card that the meter was opened with. */
  readonly serial: string;
  readonly balanceFen: number;
  readonly count: number;
}

/**
 * The least that an opened meter does with a purchase card, after public meter firmware (same source): judge,
 * credit by the difference of counts, write back. The judge of the tear proof; the sandbox's meters know more.
 */
export class OracleMeter {
  readonly #init: OracleMeterInit;
  balanceFen: number;
  count: number;
  /** How often it credited. */
  credits = 0;

  constructor(init: OracleMeterInit) {
    this.#init = init;
    this.balanceFen = init.balanceFen;
    this.count = init.count;
  }

  insert(card: SimulatedCard): { readonly creditedFen: number; readonly error: MeterError | undefined } {
    const files = METER_FILES[this.#init.card];
    const refusal = this.#refuses(card, files);
    if (refusal !== undefined) return { creditedFen: 0, error: refusal };
    const { amountFen, count } = decodePurse(bytesAt(card, files.purse));
    const difference = count - this.count;
    const empty = isBlank(bytesAt(card, files.returnData));
    let creditedFen = 0;
    if (difference === 1 && empty) {
      creditedFen = amountFen;
      this.balanceFen += amountFen;
      this.count = count;
      this.credits += 1;
    }
    this.#writeBack(card, files.returnData);
    const error = difference > 1 ? 17 : difference === 1 && !empty ? 18 : undefined;
    return { creditedFen, error };
  }

  #refuses(card: SimulatedCard, files: MeterFiles): MeterError | undefined {
    const serial = bytesAt(card, files.serial);
    const parameters = decodeParameters(bytesAt(card, files.parameters));
    if (parameters === undefined) return 14;
    if (parameters.meterNo !== this.#init.meterNo) return 11;
    if (parameters.customerNo !== this.#init.customerNo) return 12;
    if (parameters.cardType !== CARD_TYPE.purchase) return 8;
    if (toHex(serial) !== this.#init.serial) return 13;
    // A CPU card takes no purse without a MAC; a memory card carries it along.
    if (files.purse.length === PURSE_LENGTH) return undefined;
    const purse = bytesAt(card, files.purse);
    const mac = purseMac(this.#init.cipher, this.#init.purseKey, {
      ...decodePurse(purse),
      serial: fromHex(this.#init.serial),
      meterNo: bcdBytes(this.#init.meterNo),
      customerNo: bcdBytes(this.#init.customerNo),
    });
    return toHex(purse.subarray(PURSE_LENGTH)) === toHex(mac) ? undefined : 10;
  }

  #writeBack(card: SimulatedCard, region: Region): void {
    const data = encodeReturnData({
      currentRatio: 1,
      voltageRatio: 1,
      meterNo: this.#init.meterNo,
      customerNo: this.#init.customerNo,
      remainingFen: this.balanceFen,
      overdraftFen: 0,
      count: this.count,
      illegalCards: 0,
      writtenAt: '2611250103',
    });
    bytesAt(card, region).set(data);
  }
}

/** A card's own bytes, live: a meter has its own contacts. */
export function bytesAt(card: SimulatedCard, region: Region): Uint8Array {
  const zone = card.zone(region.zone);
  if (zone === undefined) throw new RangeError(`no zone ${region.zone}`);
  return zone.subarray(region.offset, region.offset + region.length);
}
