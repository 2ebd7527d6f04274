import { fromHex, toHex } from '../bytes/hex.ts';
import type { Region } from '../chip/region.ts';
import type { CardLayout } from '../meter-card/layout.ts';
import type { PlanStep, WritePlan } from '../meter-card/plan.ts';
import type { Authorise } from '../meter-card/write.ts';
import { deriveCode, diversify, purseMac } from './cos-crypto.ts';
import { CARD_TYPE, encodeParameters, encodeReturnData } from './meter-layout.ts';
import { encodePurse } from './meter-purse.ts';
import type { Parameters } from './meter-layout.ts';
import { bcdBytes } from './meter-bcd.ts';
import { memoryCardKind } from './memory-cards.ts';
import {
  blankReturnData,
  chipOf,
  codeMaterialLength,
  codesOf,
  layoutOfCard,
  marksOn,
  METER_FILES,
} from './meter-files.ts';
import type { MemoryChip, MeterCard } from './meter-files.ts';
import { OracleMeter } from './oracle-meter.ts';
import { randomBytes, seededRandom } from './random.ts';
import { SimulatedCpuCard } from './chips/cpu/card.ts';
import type { SimulatedCard } from './simulated-card.ts';
import { SampleGrid, HEAD } from './sample-grid.ts';
import type { SampleContext, SamplePurchaseInit } from './sample-grid.ts';

/** A household's card that was in its meter, and a sale of the next count that waits to be written. */
export interface SamplePurchase {
  readonly card: SimulatedCard;
  readonly meter: OracleMeter;
  readonly layout: CardLayout;
  readonly plan: WritePlan;
  /** Continues a CPU card's plan as the grid does; memory cards need none. */
  readonly authorise: (request: Pick<Authorise, 'stage' | 'gathered'>) => Promise<WritePlan>;
  readonly amountFen: number;
  /** The count that the purchase puts on the card. */
  readonly count: number;
  /** Memory cards only. */
  readonly codes: readonly { readonly key: number; readonly code: Uint8Array }[];
}

const MASTER = fromHex('101112131415161718191A1B1C1D1E1F');
const MASTERS = { internal: MASTER, external: MASTER.map((b) => b ^ 0x55), mac: MASTER.map((b) => b ^ 0xaa) };

/** The same purchase for the same seed: numbers, counts and amounts vary with it, byte carries in counts included. */
export function samplePurchase(of: MeterCard, init: SamplePurchaseInit): SamplePurchase {
  const random = seededRandom(init.seed);
  const serial = Uint8Array.of(0x65, 0x01, ...randomBytes(random, 6));
  const parameters: Parameters = {
    updateFlags: 0,
    rateSwitchTime: '2601010000',
    alarm1Fen: 2000,
    alarm2Fen: 500,
    currentRatio: 1,
    voltageRatio: 1,
    meterNo: String(random() % 1_000_000).padStart(12, '0'),
    customerNo: `6501${String(random() % 100_000_000).padStart(8, '0')}`,
    cardType: CARD_TYPE.purchase,
  };
  // Counts near a carry are where torn counts are worst.
  const count = [1 + (random() % 200), 0xfe + (random() % 4), 0xfffe + (random() % 4)][random() % 3] ?? 1;
  const before = { amountFen: 100 * (1 + (random() % 1000)), count };
  const purse = { amountFen: 100 * (1 + (random() % 2000)), count: count + 1 };
  const meterInit = {
    card: of,
    meterNo: parameters.meterNo,
    customerNo: parameters.customerNo,
    serial: toHex(serial),
  };
  const purseKey = diversify(init.cipher, MASTERS.mac, serial);
  const meter = new OracleMeter({
    ...meterInit,
    cipher: init.cipher,
    purseKey,
    balanceFen: random() % 20_000,
    count,
  });
  const returned = encodeReturnData({
    ...{ currentRatio: 1, voltageRatio: 1, meterNo: parameters.meterNo, customerNo: parameters.customerNo },
    ...{ remainingFen: meter.balanceFen, overdraftFen: 0, count, illegalCards: 0, writtenAt: '2611240930' },
  });
  const context: SampleContext = { ...init, of, serial, parameters, before, purse, returned };
  const chip = chipOf(of);
  const made = chip === 'CPU' ? cpu(context) : memory(chip, context, purseKey);
  return { ...made, layout: layoutOfCard(of), meter, amountFen: purse.amountFen, count: purse.count };
}
type Made = Pick<SamplePurchase, 'card' | 'plan' | 'authorise' | 'codes'>;

/** So that a card's own random is not the household's. */
const CARD_SEED = 0xca4d;

function memory(chip: MemoryChip, context: SampleContext, purseKey: Uint8Array): Made {
  const { of, cipher, serial, parameters } = context;
  const files = METER_FILES[of];
  const numbers = {
    serial,
    meterNo: bcdBytes(parameters.meterNo),
    customerNo: bcdBytes(parameters.customerNo),
  };
  const maced = (purse: SampleContext['purse']): Uint8Array =>
    Uint8Array.of(...encodePurse(purse), ...purseMac(cipher, purseKey, { ...numbers, ...purse }));
  const codes = codesOf(of, deriveCode(cipher, MASTERS.external, serial, codeMaterialLength(of)));
  const card = memoryCardKind(chip).issue({
    contents: [
      ...marksOn(of),
      { ...files.serial, data: serial },
      { ...files.parameters, data: encodeParameters({ ...parameters, updateFlags: 0x80 }) },
      { ...files.purse, data: maced(context.before) },
      { ...files.returnData, data: context.returned },
    ],
    codes,
    seed: context.seed ^ CARD_SEED,
  });
  const write = (at: Region, data: Uint8Array): PlanStep => ({
    op: 'write',
    zone: at.zone,
    offset: at.offset,
    data: toHex(data),
  });
  const plan: WritePlan = {
    ...HEAD,
    chip,
    serial: toHex(serial),
    stage: 0,
    ranges: [files.parameters, files.purse, files.returnData],
    steps: [
      ...codes.map(({ key, code }): PlanStep => ({ op: 'present-code', key, code: toHex(code) })),
      write(files.returnData, blankReturnData(of)),
      write(files.parameters, encodeParameters(parameters)),
      write(files.purse, maced(context.purse)),
    ],
  };
  return {
    card,
    plan,
    codes,
    authorise: () => Promise.reject(new Error('a memory card needs no second stage')),
  };
}

function cpu(context: SampleContext): Made {
  const { of, cipher, serial, parameters } = context;
  const files = METER_FILES[of];
  const { dialect } = layoutOfCard(of);
  const keys = {
    internal: diversify(cipher, MASTERS.internal, serial),
    external: diversify(cipher, MASTERS.external, serial),
    mac: diversify(cipher, MASTERS.mac, serial),
  };
  const card = new SimulatedCpuCard({
    cipher,
    keys,
    files: {
      [files.serial.zone]: Uint8Array.of(...new Uint8Array(files.serial.offset), ...serial),
      [files.parameters.zone]: encodeParameters({ ...parameters, updateFlags: 0x80 }),
      [files.purse.zone]: encodePurse(context.before),
      [files.returnData.zone]: context.returned,
    },
    seed: context.seed ^ CARD_SEED,
    ...(dialect === undefined ? {} : { dialect }),
    ...(context.protocol === undefined ? {} : { protocol: context.protocol }),
  });
  const grid = new SampleGrid(context, keys);
  return {
    card,
    plan: grid.released(),
    codes: [],
    authorise: (request) => grid.authorise(request),
  };
}
