import { fromCardImageMessage } from '@bianmin/card/meter-card/wire';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { FakeCard, type FakeMeter } from './fake-card.ts';
import { FakeGrid } from './fake-grid.ts';
import type { HarnessCard, HarnessHousehold } from './grid-harness.ts';
import { vendorCredit, type CreditHarness } from './grid-contract/credit.ts';
import { meterReadings, type ReadingHarness } from './grid-contract/meter-readings.ts';

function fakeHarness(): CreditHarness & ReadingHarness {
  const grid = new FakeGrid(new ManualClock());
  const cards = new Map<HarnessHousehold, { card: FakeCard; meter: FakeMeter }>();
  const homeOf = (household: HarnessHousehold): { card: FakeCard; meter: FakeMeter } => {
    const number = String(cards.size + 1);
    const card = new FakeCard(number.padStart(16, '0'), number.padStart(12, '0'));
    const home = cards.get(household) ?? { card, meter: grid.addHousehold(card) };
    cards.set(household, home);
    return home;
  };
  return {
    gateway: grid,
    card: (household) => cardOf(homeOf(household)),
    meter: (household) => homeOf(household).meter,
    link: (household, link) => grid.credits.link(homeOf(household).card.meterNo, link),
    deposit: ({ availableFen, batch = 'open' }) => Object.assign(grid.deposit, { availableFen, batch }),
    standing: () =>
      [...grid.sales.values()]
        .filter(({ status }) => status === 'sold')
        .map(({ orderNo, faceFen }) => ({ orderNo, faceFen })),
    close: () => Promise.resolve(),
  };
}

function cardOf({ card, meter }: { card: FakeCard; meter: FakeMeter }): HarnessCard {
  const read = () => Promise.resolve(fromCardImageMessage(card.read()));
  return {
    read,
    write(plan) {
      card.write(plan);
      return read();
    },
    insert() {
      const creditedFen = meter.insert(card);
      const { count, balanceFen } = meter;
      return { creditedFen, balanceFen, count, error: null };
    },
    copy: () => cardOf({ card: card.clone(), meter }),
  };
}

vendorCredit(() => Promise.resolve(fakeHarness()), { withSale: true });
meterReadings(() => Promise.resolve(fakeHarness()));
