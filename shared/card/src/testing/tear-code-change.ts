import type { ChipDriver } from '../chip/contract.ts';
import { identifyChip } from '../chip/identify.ts';
import { codeOf } from '../errors.ts';
import { isRemoval } from '../reader/error.ts';
import type { BlockCipher8 } from './cos-crypto.ts';
import { DirectSession } from './direct-session.ts';
import { METER_FILES } from './meter-files.ts';
import { randomBytes, seededRandom } from './random.ts';
import { samplePurchase } from './sample-purchase.ts';
import type { SimulatedCard } from './simulated-card.ts';

/** Chips whose code a terminal can change; the bit-serial ones are left to their issuers. */
export const CODE_CHANGE_CHIPS = ['SLE4442', 'SLE4428', 'AT88SC1608', 'AT88SC153'] as const;
export type CodeChangeChip = (typeof CODE_CHANGE_CHIPS)[number];

/** How a driver replaces its code of a number, once that was presented. */
export type CodeChanger = (driver: ChipDriver, key: number) => (code: Uint8Array) => Promise<void>;

export interface CodeChangeRig {
  readonly cipher: BlockCipher8;
  readonly changerOf: CodeChanger;
}

export interface CodeChangeTear {
  readonly chip: CodeChangeChip;
  readonly seed: number;
  /** Which of the places that can be cut: as in `tear.ts`. Absent: none. */
  readonly cutAt?: number;
}

export interface CodeChangeOutcome {
  /** Places that were passed, the cut one included. */
  readonly places: number;
  readonly cut: boolean;
  /** The code that opens the card afterwards. `neither`: it cannot be written any more. */
  readonly opens: 'old' | 'new' | 'neither';
  /** A file changed, or a code that opens did not bring all tries back. Never, whatever is cut. */
  readonly harmed: boolean;
}

const READER = { memoryDialect: 'acs', wiresC4C8: true } as const;

/**
 * One change of a code, with the card pulled out once: apart from purchases, since it is the one step that no order
 * of writes makes safe. Deterministic for a tear.
 */
export async function tearCodeChange(tear: CodeChangeTear, rig: CodeChangeRig): Promise<CodeChangeOutcome> {
  const { chip, seed, cutAt } = tear;
  const { card, codes } = samplePurchase(chip, { cipher: rig.cipher, seed });
  const [known] = codes;
  if (known === undefined) throw new Error(`${chip} has no code.`);
  const { key, code: old } = known;
  const next = randomBytes(seededRandom(seed ^ 0xc0de), old.length);
  const before = filesOf(card, chip);
  let places = 0;
  const strike = (): boolean => places++ === cutAt;
  card.cutHook = strike;
  const session = new DirectSession(card, strike);
  let cut = false;
  try {
    const driver = await identifyChip(session, READER);
    await driver.presentCode(old, key);
    await rig.changerOf(driver, key)(next);
  } catch (error) {
    if (!isRemoval(error)) throw error;
    cut = true;
  } finally {
    card.cutHook = undefined;
    await session.end();
  }
  const opens = (await doesOpen(card, key, old))
    ? 'old'
    : (await doesOpen(card, key, next))
      ? 'new'
      : 'neither';
  const triesBack = opens === 'neither' || card.tries.every(({ left, full }) => left === full);
  return { places, cut, opens, harmed: !triesBack || filesOf(card, chip) !== before };
}

/** On fresh power, the last try included: what is asked is whether the card is lost. */
async function doesOpen(card: SimulatedCard, key: number, code: Uint8Array): Promise<boolean> {
  const session = new DirectSession(card);
  try {
    await (await identifyChip(session, READER)).presentCode(code, key, 'used');
    return true;
  } catch (error) {
    if (codeOf(error) === 'chip.code-wrong' || codeOf(error) === 'chip.locked') return false;
    throw error;
  } finally {
    await session.end();
  }
}

function filesOf(card: SimulatedCard, chip: CodeChangeChip): string {
  const { serial, parameters, purse, returnData } = METER_FILES[chip];
  return [serial, parameters, purse, returnData]
    .map(({ zone, offset, length }) => String(card.zone(zone)?.slice(offset, offset + length)))
    .join(' ');
}
