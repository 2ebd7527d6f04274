import { createHash } from 'node:crypto';
import { tripleDes } from '@bianmin/card/testing/node/triple-des';
import * as cos from '@bianmin/card/testing/cos-crypto';
import { bcdBytes } from '@bianmin/card/testing/meter-bcd';

/** What may be asked of the security module, each about one card. Keys never come out. */
export interface CardSecurity {
  /** Memory cards: the security code, `length` bytes. It goes into a sealed plan, or to the chip. */
  code(serial: Uint8Array, length: number): Uint8Array;
  purseMac(purse: cos.MacedPurse): Uint8Array;
  /** What a genuine CPU card answers to this random of 8 bytes. */
  internalAuth(serial: Uint8Array, random: Uint8Array): Uint8Array;
  externalAuth(serial: Uint8Array, challenge: Uint8Array): Uint8Array;
  updateMac(serial: Uint8Array, update: cos.MacedUpdate): Uint8Array;
  /** Over money, count, customer and meter of a credit from afar, under the meter's own key; 4 bytes. */
  creditMac(credit: { meterNo: string; customerNo: string; amountFen: number; count: number }): Uint8Array;
}

/** A CPU card's own keys, put on it when it is made. */
export interface CpuKeys {
  readonly internal: Uint8Array;
  readonly external: Uint8Array;
  readonly maintenance: Uint8Array;
}

type Purpose = 'code' | 'purse' | 'internal' | 'external' | 'maintenance' | 'remote';

/**
 * The grid's encryptor, and the twin of it in each meter (ESAM): it alone holds the root keys. Every card has its
 * own keys, diversified by its serial. Real ones use SM1 in hardware; this one uses two-key triple DES and keys
 * made from a seed, good for nothing but a sandbox.
 */
export class Encryptor implements CardSecurity {
  readonly #root: (purpose: Purpose) => Uint8Array;

  constructor(seed = 'sandbox') {
    const roots = new Map<Purpose, Uint8Array>();
    this.#root = (purpose) => {
      const known = roots.get(purpose);
      if (known !== undefined) return known;
      const made = createHash('sha256')
        .update(`bianmin sandbox root\n${seed}\n${purpose}`)
        .digest()
        .subarray(0, 16);
      roots.set(purpose, made);
      return made;
    };
  }

  code(serial: Uint8Array, length: number): Uint8Array {
    return cos.deriveCode(tripleDes, this.#root('code'), serial, length);
  }

  purseMac(purse: cos.MacedPurse): Uint8Array {
    return cos.purseMac(tripleDes, this.#key('purse', purse.serial), purse);
  }

  internalAuth(serial: Uint8Array, random: Uint8Array): Uint8Array {
    return cos.internalAuth(tripleDes, this.#key('internal', serial), random);
  }

  externalAuth(serial: Uint8Array, challenge: Uint8Array): Uint8Array {
    return cos.externalAuth(tripleDes, this.#key('external', serial), challenge);
  }

  updateMac(serial: Uint8Array, update: cos.MacedUpdate): Uint8Array {
    return cos.updateMac(tripleDes, this.#key('maintenance', serial), update);
  }

  creditMac(credit: { meterNo: string; customerNo: string; amountFen: number; count: number }): Uint8Array {
    const { amountFen, count } = credit;
    const meterNo = bcdBytes(credit.meterNo);
    const serial = Uint8Array.of(0, 0, ...meterNo);
    const customerNo = bcdBytes(credit.customerNo);
    return cos.purseMac(tripleDes, this.#key('remote', serial), {
      serial,
      meterNo,
      customerNo,
      amountFen,
      count,
    });
  }

  /** Personalisation: the one time that keys leave, into the chip. */
  cpuKeys(serial: Uint8Array): CpuKeys {
    return {
      internal: this.#key('internal', serial),
      external: this.#key('external', serial),
      maintenance: this.#key('maintenance', serial),
    };
  }

  #key(purpose: Purpose, serial: Uint8Array): Uint8Array {
    return cos.diversify(tripleDes, this.#root(purpose), serial);
  }
}
