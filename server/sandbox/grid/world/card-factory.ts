import { randomInt } from 'node:crypto';
import { tripleDes } from '@bianmin/shared/node/triple-des';
import {
  CPU_FILES,
  PURSE_LENGTH,
  SLE4442_FILES,
  bcdBytes,
  encodeParameters,
  encodePurse,
} from '@bianmin/shared/testing/meter-layout';
import { restoreCard } from '@bianmin/shared/testing/restore-card';
import { SimulatedCpuCard } from '@bianmin/shared/testing/sim-cpu-card';
import { SimulatedSle4442Card, blankSle4442Main } from '@bianmin/shared/testing/sim-sle4442';
import type { CardSnapshot, SimulatedCard } from '@bianmin/shared/testing/simulated-card';
import type { Encryptor } from '../platform/encryptor.ts';
import { defaultParameters } from '../platform/plan.ts';
import type { Household } from '../platform/household.ts';
import { MuteCard } from './mute-card.ts';

export interface CardSpec {
  readonly chip: 'SLE4442' | 'CPU';
  /** 8 bytes. */
  readonly serial: Uint8Array;
  readonly parameters: Pick<Household, 'meterNo' | 'customerNo' | 'cardType'>;
  readonly amountFen: number;
  readonly count: number;
  readonly returnData: Uint8Array;
  /** SLE4442: 07 full, 00 locked. */
  readonly errorCounter: number;
}

/** Bytes 0 to 15 of an issued SLE4442 can never change again: answer to reset, maker's bytes, serial. */
const ISSUED_PROTECTION = Uint8Array.of(0x00, 0x00, 0xff, 0xff);

/** The issuer's workshop: chips with their files and keys, made and made again from a snapshot. */
export class CardFactory {
  readonly #encryptor: Encryptor;
  readonly #seed: () => number;

  /** `seed` feeds a chip's challenges and torn bits; random unless a test says otherwise. */
  constructor(encryptor: Encryptor, seed: () => number = () => randomInt(0xffff_ffff)) {
    this.#encryptor = encryptor;
    this.#seed = seed;
  }

  make(spec: CardSpec): SimulatedCard {
    return spec.chip === 'CPU' ? this.#cpu(spec) : this.#sle4442(spec);
  }

  /** A chip as it leaves the factory, never issued. */
  blank(): SimulatedCard {
    return new SimulatedSle4442Card({
      main: blankSle4442Main(),
      code: Uint8Array.of(0xff, 0xff, 0xff),
      seed: this.#seed(),
    });
  }

  /** The same card again: after a restart of the sandbox, or as a forger's copy. */
  restore(snapshot: CardSnapshot): SimulatedCard {
    if (snapshot.state['mute'] === true) return new MuteCard();
    return restoreCard(snapshot, tripleDes, this.#seed());
  }

  #sle4442(spec: CardSpec): SimulatedCard {
    const { serial, parameters, amountFen, count } = spec;
    const main = blankSle4442Main();
    main.set(serial, SLE4442_FILES.serial.offset);
    main.set(encodeParameters(defaultParameters(parameters)), SLE4442_FILES.parameters.offset);
    main.set(encodePurse({ amountFen, count }), SLE4442_FILES.purse.offset);
    const mac = this.#encryptor.purseMac({
      serial,
      meterNo: bcdBytes(parameters.meterNo),
      customerNo: bcdBytes(parameters.customerNo),
      amountFen,
      count,
    });
    main.set(mac, SLE4442_FILES.purse.offset + PURSE_LENGTH);
    main.set(spec.returnData, SLE4442_FILES.returnData.offset);
    return new SimulatedSle4442Card({
      main,
      code: this.#encryptor.code(serial, 3),
      protection: ISSUED_PROTECTION,
      errorCounter: spec.errorCounter,
      seed: this.#seed(),
    });
  }

  #cpu(spec: CardSpec): SimulatedCard {
    const { serial, parameters, amountFen, count } = spec;
    const { internal, external, maintenance } = this.#encryptor.cpuKeys(serial);
    const issuer = new Uint8Array(CPU_FILES.serial.offset + serial.length);
    issuer.set(serial, CPU_FILES.serial.offset);
    return new SimulatedCpuCard({
      cipher: tripleDes,
      keys: { internal, external, mac: maintenance },
      files: {
        [CPU_FILES.serial.zone]: issuer,
        [CPU_FILES.parameters.zone]: encodeParameters(defaultParameters(parameters)),
        [CPU_FILES.purse.zone]: encodePurse({ amountFen, count }),
        [CPU_FILES.returnData.zone]: spec.returnData,
      },
      seed: this.#seed(),
    });
  }
}
