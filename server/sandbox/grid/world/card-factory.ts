import { randomInt } from 'node:crypto';
import { tripleDes } from '@bianmin/card/testing/node/triple-des';
import { SimulatedCpuCard } from '@bianmin/card/testing/chips/cpu/card';
import { memoryCardKind } from '@bianmin/card/testing/memory-cards';
import {
  METER_FILES,
  chipOf,
  codeMaterialLength,
  codesOf,
  layoutOfCard,
  marksOn,
  type MemoryChip,
  type MeterCard,
} from '@bianmin/card/testing/meter-files';
import { encodeParameters, type Parameters } from '@bianmin/card/testing/meter-layout';
import { encodePurse } from '@bianmin/card/testing/meter-purse';
import { bcdBytes } from '@bianmin/card/testing/meter-bcd';
import { restoreCard } from '@bianmin/card/testing/restore-card';
import type { CardSnapshot, SimulatedCard } from '@bianmin/card/testing/simulated-card';
import type { Encryptor } from '../platform/encryptor.ts';
import { defaultParameters } from '../platform/plan.ts';
import type { Household } from '../platform/household.ts';
import { MuteCard } from './mute-card.ts';

export interface CardSpec {
  readonly chip: MeterCard;
  /** 8 bytes. */
  readonly serial: Uint8Array;
  readonly parameters: Pick<Household, 'meterNo' | 'customerNo' | 'cardType'> & Partial<Parameters>;
  readonly amountFen: number;
  readonly count: number;
  readonly returnData: Uint8Array;
  /** Memory cards: tries left of the first code; all when absent, 0 is locked. */
  readonly triesLeft?: number;
}

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
    const card = chipOf(spec.chip) === 'CPU' ? this.#cpu(spec) : this.#memory(spec);
    if (spec.triesLeft !== undefined) card.setTriesLeft(spec.triesLeft);
    return card;
  }

  /** A chip as it leaves the factory, never issued. */
  blank(chip: MemoryChip = 'SLE4442'): SimulatedCard {
    return memoryCardKind(chip).blank(this.#seed());
  }

  /** A card as the issuer keeps it in stock: its serial and keys are on it, its files are empty. */
  stock(card: MeterCard, serial: Uint8Array): SimulatedCard {
    const files = METER_FILES[card];
    const chip = chipOf(card);
    if (chip === 'CPU') {
      const empty = (length: number): Uint8Array => new Uint8Array(length).fill(files.blank);
      return this.#cpuCard(card, serial, {
        parameters: empty(files.parameters.length),
        purse: empty(files.purse.length),
        returnData: empty(files.returnData.length),
      });
    }
    return memoryCardKind(chip).issue({
      contents: [...marksOn(card), { ...files.serial, data: serial }],
      codes: codesOf(card, this.#encryptor.code(serial, codeMaterialLength(card))),
      seed: this.#seed(),
    });
  }

  /** The same card again: after a restart of the sandbox, or as a forger's copy. */
  restore(snapshot: CardSnapshot): SimulatedCard {
    if (snapshot.state['mute'] === true) return new MuteCard();
    return restoreCard(snapshot, tripleDes, this.#seed());
  }

  #memory(spec: CardSpec): SimulatedCard {
    const { chip: card, serial, parameters, amountFen, count } = spec;
    const files = METER_FILES[card];
    const mac = this.#encryptor.purseMac({
      serial,
      meterNo: bcdBytes(parameters.meterNo),
      customerNo: bcdBytes(parameters.customerNo),
      amountFen,
      count,
    });
    return memoryCardKind(chipOf(card)).issue({
      contents: [
        ...marksOn(card),
        { ...files.serial, data: serial },
        { ...files.parameters, data: encodeParameters({ ...defaultParameters(parameters), ...parameters }) },
        { ...files.purse, data: Uint8Array.of(...encodePurse({ amountFen, count }), ...mac) },
        { ...files.returnData, data: spec.returnData },
      ],
      codes: codesOf(card, this.#encryptor.code(serial, codeMaterialLength(card))),
      seed: this.#seed(),
    });
  }

  #cpu({ chip, serial, parameters, amountFen, count, returnData }: CardSpec): SimulatedCard {
    return this.#cpuCard(chip, serial, {
      parameters: encodeParameters({ ...defaultParameters(parameters), ...parameters }),
      purse: encodePurse({ amountFen, count }),
      returnData,
    });
  }

  #cpuCard(
    card: MeterCard,
    serial: Uint8Array,
    contents: Readonly<Record<'parameters' | 'purse' | 'returnData', Uint8Array>>,
  ): SimulatedCard {
    const files = METER_FILES[card];
    const { dialect } = layoutOfCard(card);
    const { internal, external, maintenance } = this.#encryptor.cpuKeys(serial);
    const issuer = new Uint8Array(files.serial.offset + serial.length);
    issuer.set(serial, files.serial.offset);
    return new SimulatedCpuCard({
      cipher: tripleDes,
      keys: { internal, external, mac: maintenance },
      files: {
        [files.serial.zone]: issuer,
        [files.parameters.zone]: contents.parameters,
        [files.purse.zone]: contents.purse,
        [files.returnData.zone]: contents.returnData,
      },
      ...(dialect === undefined ? {} : { dialect }),
      seed: this.#seed(),
    });
  }
}
