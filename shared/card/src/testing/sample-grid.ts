import {
  externalAuthenticate,
  getChallenge,
  internalAuthenticate,
  macedUpdateBinary,
  macedUpdateHeader,
  select,
} from '../chip/cpu/commands.ts';
import { D1_CARD } from '../chip/cpu/dialect-d1.ts';
import type { CpuDialect } from '../chip/cpu/dialect.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import type { PlanStep, WritePlan } from '../meter-card/plan.ts';
import type { Authorise } from '../meter-card/write.ts';
import { externalAuth, internalAuth, updateMac } from './cos-crypto.ts';
import { encodeParameters } from './meter-layout.ts';
import { encodePurse } from './meter-purse.ts';
import { blankReturnData, layoutOfCard, METER_FILES } from './meter-files.ts';
import type { MeterCard, MeterFiles } from './meter-files.ts';
import { randomBytes, seededRandom } from './random.ts';
import type { CardKeys } from './chips/cpu/cos.ts';
import type { Parameters } from './meter-layout.ts';
import type { BlockCipher8 } from './cos-crypto.ts';
import type { CardProtocol } from './chips/cpu/line.ts';

/** The grid's side of a CPU card's plan: two continuations, each on a challenge of the card. */
export class SampleGrid {
  readonly #context: SampleContext;
  readonly #keys: CardKeys;
  readonly #random: Uint8Array;
  readonly #files: MeterFiles;
  readonly #dialect: CpuDialect;

  constructor(context: SampleContext, keys: CardKeys) {
    this.#context = context;
    this.#keys = keys;
    this.#files = METER_FILES[context.of];
    this.#dialect = layoutOfCard(context.of).dialect ?? D1_CARD;
    this.#random = randomBytes(seededRandom(context.seed ^ 0x5eed), 8);
  }

  released(): WritePlan {
    return this.#stage(0, [
      apdu('select', select(this.#dialect.directories.df01)),
      { ...apdu('internal-auth', internalAuthenticate(this.#dialect.keys.internal, this.#random)), gather: 'internal' },
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
            apdu('external-auth', externalAuthenticate(this.#dialect.keys.external, blob)),
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
    const { zone } = this.#files.purse;
    const bytes = encodePurse(purse);
    const purseUpdates = wrongOrder
      ? [update(zone, 4, bytes.slice(4)), update(zone, 0, bytes.slice(0, 4))]
      : [update(zone, 0, bytes)];
    const others = [
      update(this.#files.returnData.zone, 0, blankReturnData(this.#context.of)),
      update(this.#files.parameters.zone, 0, encodeParameters(parameters)),
    ];
    return Promise.resolve(this.#stage(2, [...others, ...purseUpdates], undefined));
  }

  #stage(stage: number, steps: PlanStep[], authorise: string[] | undefined): WritePlan {
    return {
      ...HEAD,
      chip: 'CPU',
      serial: toHex(this.#context.serial),
      stage,
      ranges: [this.#files.parameters, this.#files.purse, this.#files.returnData],
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

export interface SampleContext extends SamplePurchaseInit {
  readonly of: MeterCard;
  readonly serial: Uint8Array;
  readonly parameters: Parameters;
  readonly before: { readonly amountFen: number; readonly count: number };
  readonly purse: { readonly amountFen: number; readonly count: number };
  readonly returned: Uint8Array;
}

export const HEAD = { version: 1, kind: 'purchase', orderNo: '261125010300000001' } as const;

export interface SamplePurchaseInit {
  readonly cipher: BlockCipher8;
  readonly seed: number;
  readonly protocol?: CardProtocol;
  /** Puts the purse's count before its amount, as no plan may: for proving that the tear proof notices. */
  readonly wrongOrder?: boolean;
}
