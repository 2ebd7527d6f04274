import { describe, expect, it } from 'vitest';
import { equalBytes } from '../../../bytes/compare.ts';
import { DIALECTS, SAFE_ORDER } from '../../../chip/cpu/dialects.ts';
import { type DescribedDialect, type FileRole, fileFor, zoneOf } from '../../../chip/cpu/dialect.ts';
import { CpuDriver } from '../../../chip/cpu/driver.ts';
import { BLANK_BYTE, returnState } from '../../../chip/cpu/return-file.ts';
import { tripleDes } from '../../node/triple-des.ts';
import { DirectSession } from '../../direct-session.ts';
import { encodeParameters, encodeReturnData } from '../../meter-layout.ts';
import { encodePurse } from '../../meter-purse.ts';
import type { SimulatedCpuCard } from './card.ts';
import { authenticate, testCard, testMac } from './rig.ts';

/** The meter's count before; one whose next has a bit more, as torn bytes love it. */
const COUNTED = 6;
const AMOUNT = 12_345;

const parametersOf = (updateFlags: number): Uint8Array =>
  encodeParameters({
    ...{ updateFlags, rateSwitchTime: '2601010000', alarm1Fen: 2000, alarm2Fen: 500, currentRatio: 1 },
    ...{ voltageRatio: 1, meterNo: '001228646501', customerNo: '650100004321', cardType: 2 },
  });

/** What a purchase leaves in each file; roles that it does not touch keep their 00. */
function wanted(dialect: DescribedDialect, role: FileRole): Uint8Array {
  if (role === 'parameters') return parametersOf(0x80);
  if (role === 'purse') return encodePurse({ amountFen: AMOUNT, count: COUNTED + 1 });
  return new Uint8Array(fileFor(dialect, role)?.length ?? 0).fill(BLANK_BYTE);
}

function usedCard(dialect: DescribedDialect, seed: number): SimulatedCpuCard {
  const returned = encodeReturnData({
    ...{ currentRatio: 1, voltageRatio: 1, meterNo: '001228646501', customerNo: '650100004321' },
    ...{ remainingFen: 704, overdraftFen: 0, count: COUNTED, illegalCards: 0, writtenAt: '2611240930' },
  });
  const empty = Object.fromEntries(dialect.files.map((file) => [zoneOf(file), new Uint8Array(file.length)]));
  const files = {
    ...empty,
    'df01:01': parametersOf(0),
    'df01:02': encodePurse({ amountFen: 100, count: COUNTED }),
    [dialect.fields.returnedCount.zone]: returned,
  };
  return testCard({ cipher: tripleDes, dialect, files, seed });
}

/** One purchase, in an order; fails where the card is cut. */
async function purchase(
  card: SimulatedCpuCard,
  dialect: DescribedDialect,
  order: readonly FileRole[],
): Promise<void> {
  const driver = new CpuDriver(new DirectSession(card), dialect);
  await authenticate(driver, tripleDes);
  for (const role of order) {
    const file = fileFor(dialect, role);
    // Tariffs are long and no different from the parameters: a test of every cut goes without them.
    if (file === undefined || role.startsWith('tariff')) continue;
    const data = wanted(dialect, role);
    // One a command is right in every dialect.
    const challenge = await driver.challenge(4);
    const zone = zoneOf(file);
    const mac = testMac({ cipher: tripleDes, challenge, zone, data });
    await driver.updateWithMac({ zone, offset: 0, data }, mac);
  }
}

/** What the card's meter would make of it: by the count first, as meters do. */
function verdict(
  card: SimulatedCpuCard,
  dialect: DescribedDialect,
): 'no-purchase' | 'credit' | 'stuck' | 'wrong' {
  const bytesOf = (role: FileRole): Uint8Array => {
    const file = fileFor(dialect, role);
    return (file === undefined ? undefined : card.files.get(zoneOf(file))) ?? new Uint8Array();
  };
  const purse = bytesOf('purse');
  const view = new DataView(purse.buffer, purse.byteOffset, purse.length);
  if (view.getUint32(4) !== COUNTED + 1) return 'no-purchase';
  if (returnState(dialect, bytesOf('return')) !== 'blank') return 'stuck';
  const right = view.getUint32(0) === AMOUNT && equalBytes(bytesOf('parameters'), parametersOf(0x80));
  return right ? 'credit' : 'wrong';
}

/** All verdicts of a card that is cut at its first, second … EEPROM operation, until one goes through. */
async function verdicts(
  dialect: DescribedDialect,
  order: readonly FileRole[],
  seed: number,
): Promise<Set<string>> {
  const seen = new Set<string>();
  for (let cutAt = 1; ; cutAt++) {
    const card = usedCard(dialect, seed + cutAt);
    let operations = 0;
    card.cutHook = () => ++operations === cutAt;
    const through = await purchase(card, dialect, order).then(
      () => true,
      () => false,
    );
    card.cutHook = undefined;
    seen.add(verdict(card, dialect));
    if (!through) continue;
    expect(verdict(card, dialect)).toBe('credit');
    return seen;
  }
}

describe.each(DIALECTS.map((dialect) => [dialect.id, dialect] as const))(
  'a purchase on a card of %s',
  (_id, dialect) => {
    it.each([1, 1001])('cut at any operation shows all of it or none of it (seed %i)', async (seed) => {
      const seen = await verdicts(dialect, SAFE_ORDER, seed);
      expect([...seen].sort()).toEqual(['credit', 'no-purchase']);
    });

    it('with the return file last, as public sources write it, can leave a card that its meter refuses', async () => {
      const seen = await verdicts(dialect, ['parameters', 'purse', 'return'], 1);
      expect([...seen]).toContain('stuck');
    });

    it('with the parameters last can leave a purchase with wrong parameters', async () => {
      const seen = await verdicts(dialect, ['return', 'purse', 'parameters'], 1);
      expect([...seen]).toContain('wrong');
    });
  },
);
