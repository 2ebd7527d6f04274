import { METER_FILES, type MeterCard } from '@bianmin/card/testing/meter-files';
import type { SimulatedCard } from '@bianmin/card/testing/simulated-card';
import { Encryptor, type CpuKeys } from '../platform/encryptor.ts';
import { CardFactory, type CardSpec } from '../world/card-factory.ts';
import { bytesAt, cardWith, parameters } from './samples.ts';

export const NO_KEY = new Uint8Array(16);

/** Cards whose codes, or one of whose keys, are not what their serial says. */
class Spoilt extends Encryptor {
  readonly #keys: Partial<CpuKeys>;

  constructor(keys: Partial<CpuKeys>) {
    super();
    this.#keys = keys;
  }

  override code(serial: Uint8Array, length: number): Uint8Array {
    return super.code(serial, length).map((byte) => byte ^ 0xff);
  }

  override cpuKeys(serial: Uint8Array): CpuKeys {
    return { ...super.cpuKeys(serial), ...this.#keys };
  }
}

/** The usual card of `samples.ts`, by its snapshot: made by another hand. */
export function spoilt(chip: MeterCard, keys: Partial<CpuKeys> = {}): SimulatedCard {
  const card = cardWith(chip, {});
  const spec = { serial: bytesOf(card, chip, 'serial'), parameters: parameters({}).parameters };
  return new CardFactory(new Spoilt(keys), () => 7).make({
    chip,
    ...(spec as Pick<CardSpec, 'serial' | 'parameters'>),
    amountFen: 5000,
    count: 4,
    returnData: bytesAt(card, 'returnData').slice(),
  });
}

function bytesOf(card: SimulatedCard, chip: MeterCard, file: 'serial'): Uint8Array {
  const { zone, offset, length } = METER_FILES[chip][file];
  const bytes = card.zone(zone);
  if (bytes === undefined) throw new Error(`${chip} has no ${zone}.`);
  return bytes.slice(offset, offset + length);
}

export function changed(card: SimulatedCard, file: 'parameters' | 'purse', at: number): SimulatedCard {
  const bytes = bytesAt(card, file);
  bytes[at] = (bytes[at] ?? 0) ^ 0x40;
  return card;
}

export function emptied(card: SimulatedCard, chip: MeterCard): SimulatedCard {
  bytesAt(card, 'parameters').fill(METER_FILES[chip].blank);
  return card;
}

/** Leaves at the first byte of its return file. */
export function pulled(card: SimulatedCard, chip: MeterCard): SimulatedCard {
  card.cutHook = ({ memory }) => memory === METER_FILES[chip].returnData.zone;
  return card;
}
