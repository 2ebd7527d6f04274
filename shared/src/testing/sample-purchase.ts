import {
  externalAuthenticate,
  getChallenge,
  internalAuthenticate,
  macedUpdateBinary,
  macedUpdateHeader,
  select,
} from '../chip/cpu/commands.ts';
import { D1 } from '../chip/cpu/dialects.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import type { PlanStep, WritePlan } from '../meter-card/plan.ts';
import type { Authorise } from '../meter-card/write.ts';
import {
  deriveCode,
  diversify,
  externalAuth,
  internalAuth,
  purseMac,
  updateMac,
  type BlockCipher8,
} from './cos-crypto.ts';
import {
  bcdBytes,
  blankReturnData,
  CARD_TYPE,
  CPU_FILES,
  encodeParameters,
  encodePurse,
  encodeReturnData,
  SLE4442_FILES,
  type Parameters,
} from './meter-layout.ts';
import { OracleMeter, type OracleCard } from './oracle-meter.ts';
import { randomBytes, seededRandom } from './random.ts';
import { SimulatedCpuCard, type CardProtocol } from './sim-cpu-card.ts';
import type { CardKeys } from './sim-cpu-cos.ts';
import { blankSle4442Main, SimulatedSle4442Card } from './sim-sle4442.ts';

export type SampleChip = 'SLE4442' | 'CPU';

/** A household's card that was in its meter, and a sale of the next count that waits to be written. */
export interface SamplePurchase {
  readonly card: OracleCard;
  readonly meter: OracleMeter;
  readonly plan: WritePlan;
  /** Continues a CPU card's plan as the grid does; memory cards need none. */
  readonly authorise: (request: Pick<Authorise, 'stage' | 'gathered'>) => Promise<WritePlan>;
  readonly amountFen: number;
  /** The count that the purchase puts on the card. */
  readonly count: number;
  /** 3 bytes; memory cards only. */
  readonly code: Uint8Array;
}

export interface SamplePurchaseInit {
  readonly cipher: BlockCipher8;
  readonly seed: number;
  readonly protocol?: CardProtocol;
  /** Puts the purse's count before its amount, as no plan may: for proving that the tear proof notices. */
  readonly wrongOrder?: boolean;
}

const MASTER = fromHex('101112131415161718191A1B1C1D1E1F');
const MASTERS = { internal: MASTER, external: MASTER.map((b) => b ^ 0x55), mac: MASTER.map((b) => b ^ 0xaa) };

/** The same purchase for the same seed: numbers, counts and amounts vary with it, byte carries in counts included. */
export function samplePurchase(chip: SampleChip, init: SamplePurchaseInit): SamplePurchase {
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
  const meterInit = { meterNo: parameters.meterNo, customerNo: parameters.customerNo, serial: toHex(serial) };
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
  const context: SampleContext = { ...init, serial, parameters, before, purse, returned };
  const made = chip === 'SLE4442' ? sle4442(context, purseKey) : cpu(context);
  return { ...made, meter, amountFen: purse.amountFen, count: purse.count };
}

interface SampleContext extends SamplePurchaseInit {
  readonly serial: Uint8Array;
  readonly parameters: Parameters;
  readonly before: { readonly amountFen: number; readonly count: number };
  readonly purse: { readonly amountFen: number; readonly count: number };
  readonly returned: Uint8Array;
}
type Made = Pick<SamplePurchase, 'card' | 'plan' | 'authorise' | 'code'>;

/** So that a card's own random is not the household's. */
const CARD_SEED = 0xca4d;

const HEAD = { version: 1, kind: 'purchase', orderNo: '261125010300000001' } as const;

function sle4442(context: SampleContext, purseKey: Uint8Array): Made {
  const { cipher, serial, parameters } = context;
  const numbers = {
    serial,
    meterNo: bcdBytes(parameters.meterNo),
    customerNo: bcdBytes(parameters.customerNo),
  };
  const maced = (purse: SampleContext['purse']): Uint8Array =>
    Uint8Array.of(...encodePurse(purse), ...purseMac(cipher, purseKey, { ...numbers, ...purse }));
  const code = deriveCode(cipher, MASTERS.external, serial, 3);
  const main = blankSle4442Main();
  main.set(serial, SLE4442_FILES.serial.offset);
  main.set(encodeParameters({ ...parameters, updateFlags: 0x80 }), SLE4442_FILES.parameters.offset);
  main.set(maced(context.before), SLE4442_FILES.purse.offset);
  main.set(context.returned, SLE4442_FILES.returnData.offset);
  const card = new SimulatedSle4442Card({
    main,
    code,
    protection: fromHex('F00000FF'),
    seed: context.seed ^ CARD_SEED,
  });
  const write = (at: { zone: string; offset: number }, data: Uint8Array): PlanStep => ({
    op: 'write',
    zone: at.zone,
    offset: at.offset,
    data: toHex(data),
  });
  const plan: WritePlan = {
    ...HEAD,
    chip: 'SLE4442',
    serial: toHex(serial),
    stage: 0,
    ranges: [SLE4442_FILES.parameters, SLE4442_FILES.purse, SLE4442_FILES.returnData],
    steps: [
      { op: 'present-code', code: toHex(code) },
      write(SLE4442_FILES.returnData, blankReturnData()),
      write(SLE4442_FILES.parameters, encodeParameters(parameters)),
      write(SLE4442_FILES.purse, maced(context.purse)),
    ],
  };
  return {
    card,
    plan,
    code,
    authorise: () => Promise.reject(new Error('a memory card needs no second stage')),
  };
}

function cpu(context: SampleContext): Made {
  const { cipher, serial, parameters } = context;
  const keys = {
    internal: diversify(cipher, MASTERS.internal, serial),
    external: diversify(cipher, MASTERS.external, serial),
    mac: diversify(cipher, MASTERS.mac, serial),
  };
  const card = new SimulatedCpuCard({
    cipher,
    keys,
    files: {
      'mf:19': Uint8Array.of(0x00, ...serial),
      'df01:01': encodeParameters({ ...parameters, updateFlags: 0x80 }),
      'df01:02': encodePurse(context.before),
      'df01:05': context.returned,
    },
    seed: context.seed ^ CARD_SEED,
    ...(context.protocol === undefined ? {} : { protocol: context.protocol }),
  });
  const grid = new SampleGrid(context, keys);
  return {
    card,
    plan: grid.released(),
    code: new Uint8Array(),
    authorise: (request) => grid.authorise(request),
  };
}

/** The grid's side of a CPU card's plan: two continuations, each on a challenge of the card. */
class SampleGrid {
  readonly #context: SampleContext;
  readonly #keys: CardKeys;
  readonly #random: Uint8Array;

  constructor(context: SampleContext, keys: CardKeys) {
    this.#context = context;
    this.#keys = keys;
    this.#random = randomBytes(seededRandom(context.seed ^ 0x5eed), 8);
  }

  released(): WritePlan {
    return this.#stage(0, [
      apdu('select', select(D1.directories.df01)),
      { ...apdu('internal-auth', internalAuthenticate(D1.keys.internal, this.#random)), gather: 'internal' },
      { ...apdu('challenge', getChallenge(8)), gather: 'auth-challenge' },
    ], ['internal', 'auth-challenge']); // prettier-ignore
  }

  authorise(request: Pick<Authorise, 'stage' | 'gathered'>): Promise<WritePlan> {
    const gathered = (name: string): Uint8Array => fromHex(request.gathered[name] ?? '');
    const { cipher } = this.#context;
    if (request.stage === 1) {
      const genuine =
        toHex(internalAuth(cipher, this.#keys.internal, this.#random)) === toHex(gathered('internal'));
      if (!genuine) return Promise.reject(new Error('the card is not genuine'));
      const blob = externalAuth(cipher, this.#keys.external, gathered('auth-challenge'));
      return Promise.resolve(
        this.#stage(
          1,
          [
            apdu('external-auth', externalAuthenticate(D1.keys.external, blob)),
            { ...apdu('challenge', getChallenge(4)), gather: 'mac-challenge' },
          ],
          ['mac-challenge'],
        ),
      );
    }
    const challenge = gathered('mac-challenge');
    const { parameters, purse, wrongOrder } = this.#context;
    const update = (zone: string, offset: number, data: Uint8Array): PlanStep => {
      const target = { sfi: parseInt(zone.slice(-2), 16), offset };
      const header = macedUpdateHeader(target, data.length);
      const mac = updateMac(cipher, this.#keys.mac, { challenge, header, data });
      return {
        ...apdu('update', macedUpdateBinary(target, data, mac)),
        after: { zone, offset, data: toHex(data) },
      };
    };
    const { zone } = CPU_FILES.purse;
    const bytes = encodePurse(purse);
    const purseUpdates = wrongOrder
      ? [update(zone, 4, bytes.slice(4)), update(zone, 0, bytes.slice(0, 4))]
      : [update(zone, 0, bytes)];
    const others = [
      update(CPU_FILES.returnData.zone, 0, blankReturnData()),
      update(CPU_FILES.parameters.zone, 0, encodeParameters(parameters)),
    ];
    return Promise.resolve(this.#stage(2, [...others, ...purseUpdates], undefined));
  }

  #stage(stage: number, steps: PlanStep[], authorise: string[] | undefined): WritePlan {
    return {
      ...HEAD,
      chip: 'CPU',
      serial: toHex(this.#context.serial),
      stage,
      ranges: [CPU_FILES.parameters, CPU_FILES.purse, CPU_FILES.returnData],
      steps,
      ...(authorise === undefined ? {} : { authorise }),
    };
  }
}

function apdu(
  label: 'select' | 'internal-auth' | 'challenge' | 'external-auth' | 'update',
  bytes: Uint8Array,
) {
  return { op: 'apdu', label, apdu: toHex(bytes) } as const;
}
