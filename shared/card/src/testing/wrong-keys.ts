import { fromHex, toHex } from '../bytes/hex.ts';
import {
  externalAuthenticate,
  getChallenge,
  macedUpdateBinary,
  macedUpdateHeader,
  select,
} from '../chip/cpu/commands.ts';
import { type CpuDialect, fileFor, zoneOf } from '../chip/cpu/dialect.ts';
import type { Region } from '../chip/region.ts';
import { CpuDriver } from '../chip/cpu/driver.ts';
import type { Clock } from '../clock.ts';
import { codeOf } from '../errors.ts';
import { acknowledged } from '../meter-card/acknowledged.ts';
import type { CardImage } from '../meter-card/image.ts';
import type { PlanStep, WritePlan } from '../meter-card/plan.ts';
import { writeCard, type Authorise } from '../meter-card/write.ts';
import { externalAuth, updateMac, type BlockCipher8 } from './cos-crypto.ts';
import { DirectSession } from './direct-session.ts';
import { MemoryJournal } from './memory-journal.ts';
import { seededRandom } from './random.ts';
import type { SimulatedCpuCard } from './chips/cpu/card.ts';
import { TEST_KEYS, TEST_SERIAL, testCard } from './chips/cpu/rig.ts';
import { layoutOn } from './read-built-in.ts';

/**
 * What a grid has wrong. `external`: the key that it authenticates by. `mac`: the one of its check sums. `code`: its plan
 * presents a cardholder's code. `number`: another key of the card than the dialect's. `hidden`: an authentication under
 * the label of another command.
 */
export const WRONG_KEYS = ['external', 'mac', 'code', 'number', 'hidden'] as const;
export type WrongKey = (typeof WRONG_KEYS)[number];

export interface WrongKeysInit {
  readonly cipher: BlockCipher8;
  readonly dialect: CpuDialect;
  readonly wrong: WrongKey;
  readonly insertions: number;
  readonly seed: number;
}

export interface WrongKeysOutcome {
  readonly insertions: number;
  /** Cards that locked a key or a code. */
  readonly locked: number;
  /** Commands that tried a key or a code, however they were answered. */
  readonly presented: number;
  /** How the insertions ended, by code. */
  readonly ended: Readonly<Record<string, number>>;
}

const CLOCK: Clock = { now: () => 0, monotonic: () => 0, sleep: () => Promise.resolve() };
const WRONG = new Uint8Array(16).fill(0x5a);
/** The least that cards of other makers are known to stand. */
const HARSH = { macTries: 3, codeTries: 3 } as const;
const KIOSKS = 2;
/** An order is written again at most so often before the household buys anew. */
const INSERTIONS_AN_ORDER = 3;
/** One card of so many insertions is pulled out where its key is tried. */
const PULLED = 50;

/** One card that is put in again and again, at two kiosks in turn, under plans of a grid whose key is wrong. */
export async function insertWithWrongKey(init: WrongKeysInit): Promise<WrongKeysOutcome> {
  const { cipher, dialect, insertions, seed } = init;
  const card = testCard({ cipher, dialect, seed, harsh: HARSH });
  const random = seededRandom(seed);
  const journals = Array.from({ length: KIOSKS }, () => new MemoryJournal());
  const counted = { presented: 0, ended: {} as Record<string, number> };
  for (let i = 0; i < insertions; i++) {
    const journal = journals[random() % KIOSKS] ?? new MemoryJournal();
    const orderNo = String(261125010300000000n + BigInt(Math.floor(i / INSERTIONS_AN_ORDER)));
    const pulled = random() % PULLED === 0;
    const end = await insert(card, { init, journal, orderNo, pulled, onTry: () => (counted.presented += 1) });
    counted.ended[end] = (counted.ended[end] ?? 0) + 1;
    // Sometimes the server hears of it only after the next insertion.
    if (random() % 4 !== 0) await deliver(journal);
  }
  return { insertions, locked: Number(card.locked), ...counted };
}

interface Insertion {
  readonly init: WrongKeysInit;
  readonly journal: MemoryJournal;
  readonly orderNo: string;
  readonly pulled: boolean;
  readonly onTry: () => void;
}

/** Gives the code of the error that ended it. */
async function insert(
  card: SimulatedCpuCard,
  { init, journal, orderNo, pulled, onTry }: Insertion,
): Promise<string> {
  const { dialect } = init;
  let trying = false;
  const session = new DirectSession(card, (when) => pulled && trying && when === 'before-answer');
  const driver = new CpuDriver(
    {
      atr: session.atr,
      transmit: (apdu) => {
        trying = isTry(apdu);
        if (trying) onTry();
        return session.transmit(apdu);
      },
      end: () => session.end(),
    },
    dialect,
  );
  try {
    const image = await imageOf(driver, session.atr);
    const grid = new WrongGrid(init, orderNo);
    await writeCard({
      ...{
        driver,
        layout: { ...layoutOn(driver), purse: purseOf(dialect) },
        atr: session.atr,
        image,
        journal,
        clock: CLOCK,
        plan: grid.released(),
      },
      lease: { no: 1, expiresAtMonotonic: 1 },
      authorise: (request) => Promise.resolve(grid.stage(request)),
    });
    return 'written';
  } catch (error) {
    const code = codeOf(error) ?? 'untyped';
    const entry = (await journal.list()).find((each) => each.orderNo === orderNo);
    // As the kiosk notes what it gives up for good.
    if (entry !== undefined && code.startsWith('meter-card.')) {
      await journal.put({ ...entry, phase: 'failed', reason: code });
    }
    return code;
  } finally {
    await session.end();
  }
}

/** EXTERNAL AUTHENTICATE, VERIFY, or an update with a check sum. */
function isTry(apdu: Uint8Array): boolean {
  return apdu[1] === 0x82 || apdu[1] === 0x20 || (apdu[0] === 0x04 && apdu[1] === 0xd6);
}

async function deliver(journal: MemoryJournal): Promise<void> {
  for (const entry of await journal.list()) {
    if (entry.phase === 'failed' || entry.phase === 'written') await acknowledged(journal, entry);
  }
}

async function imageOf(driver: CpuDriver, atr: Uint8Array): Promise<CardImage> {
  const serial = await driver.readSerial();
  const file = fileFor(driver.dialect, 'purse');
  if (file === undefined) throw new RangeError('a dialect without a purse');
  const region = { zone: zoneOf(file), offset: 0, length: file.length };
  const data = await driver.read(region);
  return { chip: 'CPU', atr, serial, regions: [{ ...region, data }] };
}

/** The grid's side, with one key wrong. */
class WrongGrid {
  readonly #init: WrongKeysInit;
  readonly #orderNo: string;
  readonly #zone: string;
  readonly #length: number;

  constructor(init: WrongKeysInit, orderNo: string) {
    this.#init = init;
    this.#orderNo = orderNo;
    const purse = fileFor(init.dialect, 'purse');
    this.#zone = purse === undefined ? '' : zoneOf(purse);
    this.#length = purse?.length ?? 0;
  }

  released(): WritePlan {
    const { directories } = this.#init.dialect;
    return this.#plan(
      0,
      [
        apdu('select', select(directories.df01)),
        { ...apdu('challenge', getChallenge(8)), gather: 'challenge' },
      ],
      ['challenge'],
    );
  }

  stage({ stage, gathered }: Pick<Authorise, 'stage' | 'gathered'>): WritePlan {
    const { cipher, wrong, dialect } = this.#init;
    if (stage === 1) {
      const key = wrong === 'mac' ? TEST_KEYS.external : WRONG;
      const blob = externalAuth(cipher, key, fromHex(gathered['challenge'] ?? ''));
      const external = externalAuthenticate(dialect.keys.external, blob);
      const step: Record<WrongKey, PlanStep> = {
        external: apdu('external-auth', external),
        mac: apdu('external-auth', external),
        code: apdu('external-auth', Uint8Array.of(0x00, 0x20, 0x00, 0x00, 0x08, ...blob)),
        number: apdu('external-auth', externalAuthenticate(dialect.keys.external + 1, blob)),
        hidden: apdu('challenge', external),
      };
      const challenge: PlanStep = { ...apdu('challenge', getChallenge(4)), gather: 'mac' };
      return this.#plan(1, [step[wrong], challenge], ['mac']);
    }
    const target = { sfi: parseInt(this.#zone.slice(-2), 16), offset: 0 };
    const data = new Uint8Array(this.#length).fill(stage);
    const header = macedUpdateHeader(target, data.length);
    const mac = updateMac(cipher, WRONG, { challenge: fromHex(gathered['mac'] ?? ''), header, data });
    const after = { zone: this.#zone, offset: 0, data: toHex(data) };
    return this.#plan(2, [{ ...apdu('update', macedUpdateBinary(target, data, mac)), after }], undefined);
  }

  #plan(stage: number, steps: PlanStep[], authorise: string[] | undefined): WritePlan {
    return {
      ...{ version: 1, kind: 'purchase', orderNo: this.#orderNo, chip: 'CPU', stage, steps },
      serial: toHex(TEST_SERIAL),
      ranges: [{ zone: this.#zone, offset: 0, length: this.#length }],
      ...(authorise === undefined ? {} : { authorise }),
    };
  }
}

function apdu(label: Extract<PlanStep, { op: 'apdu' }>['label'], bytes: Uint8Array) {
  return { op: 'apdu', label, apdu: toHex(bytes) } as const;
}

function purseOf(dialect: CpuDialect): Region {
  const file = fileFor(dialect, 'purse');
  if (file === undefined) throw new RangeError(`${dialect.id} has no purse`);
  return { zone: zoneOf(file), offset: 0, length: file.length };
}
