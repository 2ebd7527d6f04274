import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fromHex } from '@bianmin/card/bytes/hex';
import { codeMaterialLength, codesOf, METER_CHIPS, type MeterChip } from '@bianmin/card/testing/meter-files';
import { leakIn } from '@bianmin/card/testing/secrets';
import type { WorldHousehold } from '../../build/kit/sandbox-answers.ts';
import { Encryptor } from '../../server/sandbox/grid/platform/encryptor.ts';
import { serialOf } from '../../server/sandbox/grid/world/card-serial.ts';
import { onPhone } from './kiosk-page.ts';
import { SOON } from './patience.ts';
import { atKiosk, buying, toCode } from './purchase-kit.ts';

const SHOTS = join(import.meta.dirname, '../dist/journey');
/** purchase.short.e2e.ts buys with the others. */
const CHIPS = METER_CHIPS.filter((chip) => chip !== 'SLE4442' && chip !== 'CPU');

const at = atKiosk(SHOTS);
const issued: { chip: MeterChip; number: number }[] = [];

/** A card of this chip that may buy now, fresh for each test. */
async function household(chip: MeterChip): Promise<WorldHousehold> {
  const made = await at().sandbox.household(chip);
  issued.push({ chip, number: Number(made.customerNo.slice(-6)) });
  return made;
}

/** The codes of every memory card that was used here, as the sandbox's encryptor derives them. */
function codesUsed(): Uint8Array[] {
  const encryptor = new Encryptor();
  return issued.flatMap(({ chip, number }) => {
    const serial = fromHex(serialOf(chip, number, 1));
    return codesOf(chip, encryptor.code(serial, codeMaterialLength(chip))).map(({ code }) => code);
  });
}

buying(CHIPS, { at, shots: SHOTS, household });

describe('when things go wrong at the kiosk', () => {
  it('takes the money back of a second phone that paid the same order', async () => {
    const { sandbox, kiosk, browser } = at();
    const { cardId, meterNo } = await household('SLE4442');
    await toCode(kiosk, cardId);
    await onPhone(await kiosk.scan(browser), 'twice');
    await kiosk.reads('订单号');
    const orderNo = await kiosk.orderNo();
    await kiosk.reads('写好了');
    await kiosk.takeOut();
    await expect.poll(() => sandbox.paid(orderNo), SOON).toEqual({ takenFen: 10_000, refundedFen: 5000 });
    expect(await sandbox.meterInsert(meterNo, cardId)).toMatchObject({ creditedFen: 5000 });
  });

  it('says that nothing was charged when the phone goes away, and closes the order on "back"', async () => {
    const { kiosk, browser } = at();
    const { cardId } = await household('SLE4442');
    await toCode(kiosk, cardId);
    await onPhone(await kiosk.scan(browser), 'close');
    await kiosk.press('返回');
    await kiosk.reads('充多少？');
  });

  it('asks for the same card when it is pulled out after paying, and finishes without paying again', async () => {
    const { stack, sandbox, kiosk, browser } = at();
    const { cardId, meterNo } = await household('SLE4442');
    const before = await sandbox.meter(meterNo);
    await toCode(kiosk, cardId);
    await sandbox.readerFaults(stack.readerId, { removeAfterApdus: 4 });
    await onPhone(await kiosk.scan(browser), 'once');
    await kiosk.reads('卡被拔出来了', '钱没有丢');
    await kiosk.insert(cardId);
    await kiosk.reads('写好了');
    await kiosk.takeOut();
    const inserted = await sandbox.meterInsert(meterNo, cardId);
    expect(inserted).toMatchObject({ creditedFen: 5000, balanceFen: before.balanceFen + 5000 });
  });

  it('goes on after the server was restarted between payment and write', async () => {
    const { stack, sandbox, kiosk, browser } = at();
    const { cardId, meterNo } = await household('CPU');
    await toCode(kiosk, cardId);
    const phone = await kiosk.scan(browser);
    await stack.kill('web');
    await onPhone(phone, 'once');
    await stack.restart('web');
    await kiosk.reads('写好了');
    await kiosk.takeOut();
    expect(await sandbox.meterInsert(meterNo, cardId)).toMatchObject({ creditedFen: 5000, error: null });
  });

  it('names what is wrong with a card that is not an electricity card', async () => {
    const { sandbox, kiosk } = at();
    const blank = (await sandbox.cards()).find((card) => card.noteEn === 'A blank card, never issued');
    expect(blank).toBeDefined();
    await kiosk.insert(blank?.id ?? '');
    await kiosk.reads('这不是电卡', '没有扣钱');
  });
});

describe('what is kept of all this', () => {
  it('holds no code of any card: logs of every process, the terminal’s folder', async () => {
    const { dir } = at().stack;
    const secrets = codesUsed().filter((code) => code.length > 2);
    expect(secrets.length).toBeGreaterThan(4);
    const names = await readdir(dir, { recursive: true });
    const texts = names.filter((name) => name.endsWith('.log') || name.startsWith('kiosk'));
    expect(texts.length).toBeGreaterThan(4);
    for (const name of texts) {
      const text = await readFile(join(dir, name), 'utf8').catch(() => '');
      expect(leakIn(text, secrets), name).toBeUndefined();
    }
  });
});
