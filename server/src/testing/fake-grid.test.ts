import { beforeEach, describe, expect, it } from 'vitest';
import { fromCardImageMessage } from '@bianmin/card/meter-card/wire';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { FakeCard, type FakeMeter } from './fake-card.ts';
import { FakeGrid } from './fake-grid.ts';
import { readBill } from './text-bill.ts';

const METER = '000026001001';
const CUSTOMER = `6501${METER}`;

let grid: FakeGrid;
let card: FakeCard;
let meter: FakeMeter;
beforeEach(async () => {
  grid = new FakeGrid(new ManualClock(Date.parse('2026-03-01T04:00:00Z')));
  card = new FakeCard('A465010000000101', METER);
  meter = grid.addHousehold(card);
  const { serial, soldCount, meterNo, customerNo } = await grid.identifyCustomer(CUSTOMER);
  await grid.sell({ orderNo: 'A', customerNo, meterNo, serial, faceFen: 5000, count: soldCount + 1 });
});

describe('the fake grid keeps the contract', () => {
  it('of a credit from afar: the meter has it once, and no plan goes out for it', async () => {
    grid.credits.link(METER, 'answer-lost');
    await expect(grid.remoteCredit('A')).rejects.toMatchObject({ code: 'grid.unknown' });
    expect(await grid.queryCredit('A')).toMatchObject({
      status: 'credited',
      credit: { creditFen: 5000, count: 2 },
    });
    expect(await grid.remoteCredit('A')).toMatchObject({ balanceFen: 5000 });
    expect(meter).toMatchObject({ balanceFen: 5000, count: 2 });
    expect(await grid.identifyCustomer(CUSTOMER)).toMatchObject({ previousInserted: true, creditedCount: 2 });
    expect(await grid.reverse('A')).toMatchObject({ status: 'refused' });
  });

  it('of a credit that waits, and of one that fails for good', async () => {
    grid.credits.link(METER, 'offline');
    await expect(grid.remoteCredit('A')).rejects.toMatchObject({ code: 'grid.unknown' });
    const image = fromCardImageMessage(card.read());
    await expect(grid.writePlan('A', image)).rejects.toMatchObject({ code: 'grid.refused' });
    expect(await grid.queryCredit('A')).toEqual({ status: 'pending' });
    grid.credits.link(METER, 'dead');
    expect(await grid.queryCredit('A')).toEqual({ status: 'failed', reason: 'meter-unreachable' });
    await expect(grid.remoteCredit('A')).rejects.toMatchObject({ code: 'grid.refused' });
    card.write(await grid.writePlan('A', image));
    expect(meter.insert(card)).toBe(5000);
  });

  it('of a credit whose answer was lost: it does not fail any more, whatever the meter is asked', async () => {
    grid.credits.link(METER, 'answer-lost');
    await expect(grid.remoteCredit('A')).rejects.toMatchObject({ code: 'grid.unknown' });
    grid.credits.link(METER, 'dead');
    expect(await grid.queryCredit('A')).toEqual({ status: 'pending' });
    grid.credits.link(METER, 'online');
    expect(await grid.queryCredit('A')).toMatchObject({ status: 'credited' });
    expect(meter).toMatchObject({ balanceFen: 5000, count: 2 });
  });

  it.each(['moved', 'reversed'] as const)(
    'of a conversion to an account (%s): what comes to the meter in that moment stays sold, and counts once',
    async (open) => {
      grid.credits.link(METER, 'offline');
      await expect(grid.remoteCredit('A')).rejects.toMatchObject({ code: 'grid.unknown' });
      grid.credits.link(METER, 'online');
      expect(grid.convert(METER, open)).toBe(true);
      expect(grid.sales.get('A')).toMatchObject({ status: 'sold' });
      expect(grid.payments.balances.get(METER)).toEqual({ balanceFen: 5000, creditedFen: 0 });
      expect(meter.creditedFen).toBe(5000);
      expect(await grid.queryCredit('A')).toMatchObject({ status: 'credited' });
    },
  );

  it('of a replacement card: the sale moves, the former card is void', async () => {
    const blank = new FakeCard('A465010000000102', METER);
    const request = { requestNo: 'R', customerNo: CUSTOMER, image: fromCardImageMessage(blank.read()) };
    const { plan, ...replacement } = await grid.replaceCard(request);
    expect(replacement).toMatchObject({
      formerSerial: card.serial,
      serial: blank.serial,
      count: 2,
      openOrderNo: 'A',
    });
    expect(await grid.replaceCard(request)).toEqual({ ...replacement, plan });
    blank.write(plan);
    expect(meter.insert(blank)).toBe(5000);
    await expect(grid.identify(fromCardImageMessage(card.read()))).rejects.toMatchObject({
      refusal: 'card-replaced',
    });
  });

  it('of a daily bill: none before the cut', async () => {
    await expect(grid.dailyBill('2026-03-01')).rejects.toMatchObject({ refusal: 'day-cut' });
    grid.cutDays.add('2026-03-01');
    expect(await readBill(await grid.dailyBill('2026-03-01'))).toMatchObject({
      totals: { sales: 1, soldFen: 5000 },
    });
  });

  it('of a quote: what it says adds up', async () => {
    expect(await grid.quote({ customerNo: CUSTOMER, meterNo: METER, faceFen: 5000 })).toMatchObject({
      creditFen: 5000,
      energyWh: 100_000,
    });
  });
});
