import { describe, expect, it } from 'vitest';
import { identifyChip } from '@bianmin/card/chip/identify';
import { readBuiltIn } from '@bianmin/card/testing/read-built-in';
import { toCardImageMessage } from '@bianmin/card/meter-card/wire';
import { DirectSession } from '@bianmin/card/testing/direct-session';
import { METER_CHIPS, type MeterChip } from '@bianmin/card/testing/meter-files';
import type { CardImageMessage } from '@bianmin/purchase/api/card-image';
import { Platform } from './platform/operations.ts';
import { convertHousehold } from './world/account-routes.ts';
import { closeAccount, exchangeMeter, renewCard, transfer } from './world/household-changes.ts';
import { moreHouseholds } from './world/more-households.ts';
import { World } from './world/world.ts';

const NOW = Date.UTC(2026, 0, 15, 2, 0, 0);
const ORDER = '260115100000000001';
const FACE_FEN = 5000;

/** A household with a sale that is on no card. */
async function setup(chip: MeterChip = 'SLE4442') {
  const world = new World({ now: () => NOW, seed: () => 7 });
  const platform = new Platform(world.books());
  const [home] = moreHouseholds(world, { count: 1, chip });
  if (home === undefined) throw new Error('There is no household.');
  const { cardId, meterNo, customerNo } = home;
  const { serial, soldCount } = platform.identifyCustomer({ customerNo });
  platform.sell({ orderNo: ORDER, customerNo, meterNo, serial, faceFen: FACE_FEN, count: soldCount + 1 });
  const read = async (id: string): Promise<CardImageMessage> => {
    const session = new DirectSession(world.drawer.get(id).sim);
    const driver = await identifyChip(session, { memoryDialect: 'acs', wiresC4C8: true });
    const image = toCardImageMessage(await readBuiltIn(driver, session.atr));
    await session.end();
    return image;
  };
  return { world, platform, cardId, meterNo, customerNo, read };
}

const refusedBy = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    return (error as { refusal?: string }).refusal ?? String(error);
  }
  return 'nothing';
};

it('a household that was converted after its meter was exchanged has in its account what its card brought', async () => {
  const { world, platform, cardId, meterNo, customerNo, read } = await setup();
  const image = await read(cardId);
  platform.returnData({ orderNo: ORDER, regions: image.regions });
  platform.writePlan({ orderNo: ORDER, image });
  const next = exchangeMeter(world, customerNo);
  renewCard(world, customerNo);
  convertHousehold(world, customerNo, { open: 'reversed' });
  expect(world.meter(next.meterNo).account).toMatchObject({ creditedFen: FACE_FEN });
  expect(world.meter(meterNo).account).toBeUndefined();
  expect(world.bill()).toMatchObject([{ orderNo: ORDER, status: 'sold' }]);
});

it('the card of a new meter is made one to top up with, though what opened the meter came from afar', async () => {
  const { world, platform, customerNo, read } = await setup();
  platform.reverse({ orderNo: ORDER, reason: 'test' });
  const next = exchangeMeter(world, customerNo);
  const { id } = renewCard(world, customerNo);
  const sell = (orderNo: string, count: number): void => {
    const { serial } = platform.identifyCustomer({ customerNo });
    platform.sell({ orderNo, customerNo, meterNo: next.meterNo, serial, faceFen: FACE_FEN, count });
  };
  for (const count of [1, 2]) {
    sell(String(count), count);
    platform.remoteCredit({ orderNo: String(count) });
  }
  expect(world.meter(next.meterNo)).toMatchObject({ count: 2, remoteFen: 2 * FACE_FEN });
  sell('3', 3);
  const plan = async () => platform.writePlan({ orderNo: '3', image: await read(id) });
  // With the parameter file: a meter takes no opening card with a count above 1.
  expect((await plan()).ranges).toHaveLength(3);
  expect((await plan()).ranges).toHaveLength(3);
});

describe('a meter that was exchanged', () => {
  it('is another, with what was left, and takes no card of the former one', async () => {
    const { world, platform, cardId, meterNo, customerNo, read } = await setup();
    const next = exchangeMeter(world, customerNo);
    expect(next).toMatchObject({ customerNo, opened: true, count: 0, balanceFen: 1000, creditedFen: 0 });
    expect(next.meterNo).not.toBe(meterNo);
    expect(next.meterNo.slice(-4)).not.toBe(meterNo.slice(-4));
    expect(world.insert(next.meterNo, cardId).error).toBe(11);
    const exchanged = { formerMeterNo: meterNo, at: new Date(NOW).toISOString(), openOrderNo: ORDER };
    const found = platform.identify({ image: await read(cardId) });
    expect(found).toMatchObject({ exchanged, ofFormerMeter: true, meterNo: next.meterNo, soldCount: 0 });
    expect(platform.identifyCustomer({ customerNo })).toMatchObject({ exchanged, meterNo: next.meterNo });
  });

  it('has what was sold for the former one reversed as long as no plan went out', async () => {
    const { world, platform, cardId, meterNo, customerNo, read } = await setup();
    exchangeMeter(world, customerNo);
    const image = await read(cardId);
    expect(refusedBy(() => platform.writePlan({ orderNo: ORDER, image }))).toBe('meter-changed');
    expect(platform.reverse({ orderNo: ORDER, reason: 'meter-changed' })).toEqual({ status: 'reversed' });
    const { soldCount, serial, exchanged } = platform.identifyCustomer({ customerNo });
    expect([soldCount, exchanged?.openOrderNo]).toEqual([0, null]);
    const again = { orderNo: '2', customerNo, meterNo, serial, faceFen: FACE_FEN, count: 1 };
    expect(refusedBy(() => platform.sell(again))).toBe('meter-changed');
    expect(world.bill().map(({ status }) => status)).toEqual(['reversed', 'rejected']);
  });

  it.each(METER_CHIPS)('has what is on a card (%s) moved to it at the grid’s counter, once', async (chip) => {
    const { world, platform, cardId, meterNo, customerNo, read } = await setup(chip);
    const image = await read(cardId);
    platform.returnData({ orderNo: ORDER, regions: image.regions });
    platform.writePlan({ orderNo: ORDER, image });
    const next = exchangeMeter(world, customerNo);
    expect(platform.reverse({ orderNo: ORDER, reason: 'meter-changed' })).toEqual({
      ...{ status: 'refused', reason: 'plan-released' },
    });
    const renewed = renewCard(world, customerNo);
    expect(world.insert(next.meterNo, renewed.id)).toMatchObject({ creditedFen: FACE_FEN, error: null });
    expect(world.insert(next.meterNo, renewed.id)).toMatchObject({ creditedFen: 0 });
    expect(world.meter(next.meterNo)).toMatchObject({ count: 1, balanceFen: 1000 + FACE_FEN });
    expect(world.bill()).toMatchObject([{ meterNo, movedToMeter: { meterNo: next.meterNo, count: 1 } }]);
    expect(refusedBy(() => platform.identify({ image }))).toBe('card-replaced');
    const found = platform.identify({ image: await read(renewed.id) });
    expect(found).toMatchObject({ soldCount: 1, creditedCount: 1, previousInserted: true });
    expect(found.exchanged?.openOrderNo).toBeNull();
    expect(found.ofFormerMeter).toBeUndefined();
    expect(renewCard(world, customerNo).meterNo).toBe(next.meterNo);
    expect(world.meter(next.meterNo).creditedFen).toBe(FACE_FEN);
  });

  it('knows by the former one’s return data that it had the purchase, though it is heard of late', async () => {
    const { world, platform, cardId, meterNo, customerNo, read } = await setup();
    platform.reverse({ orderNo: ORDER, reason: 'not-found' });
    world.insert(meterNo, cardId);
    exchangeMeter(world, customerNo);
    const { exchanged } = platform.identify({ image: await read(cardId) });
    expect(exchanged).toMatchObject({ formerMeterNo: meterNo, openOrderNo: null });
  });
});

describe('an account', () => {
  it('that is transferred tells another holder, and keeps number, meter and counts', async () => {
    const { world, platform, customerNo } = await setup();
    const before = platform.identifyCustomer({ customerNo });
    transfer(world, customerNo, '李四');
    const { holder, customerName, ...after } = platform.identifyCustomer({ customerNo });
    expect([holder, customerName]).toEqual(['H2', '李四']);
    expect(before).toMatchObject({ ...after, holder: 'H1' });
  });

  it('that is closed is refused by name, and what was sold and is on no card can be reversed', async () => {
    const { world, platform, cardId, customerNo, read } = await setup();
    closeAccount(world, customerNo);
    const image = await read(cardId);
    expect(refusedBy(() => platform.identify({ image }))).toBe('customer-closed');
    expect(refusedBy(() => platform.writePlan({ orderNo: ORDER, image }))).toBe('customer-closed');
    expect(platform.reverse({ orderNo: ORDER, reason: 'customer-closed' })).toEqual({ status: 'reversed' });
  });
});

it('happens to households that there are', async () => {
  const { world, customerNo } = await setup();
  expect(() => exchangeMeter(world, '1')).toThrow('There is no household 1.');
  expect(() => renewCard(world, '1')).toThrow('There is no household 1.');
  expect(() => transfer(world, '1', 'x')).toThrow('There is no household 1.');
  expect(exchangeMeter(world, customerNo).meterNo).toMatch(/^0001/);
});
