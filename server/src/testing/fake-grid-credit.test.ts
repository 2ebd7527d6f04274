import { fromCardImageMessage } from '@bianmin/shared/meter-card/wire';
import { ManualClock } from '@bianmin/shared/testing/manual-clock';
import { FakeCard } from './fake-card.ts';
import { FakeGrid } from './fake-grid.ts';
import { vendorCredit, type CreditHarness } from './grid-contract/credit.ts';

function fakeHarness(): CreditHarness {
  const grid = new FakeGrid(new ManualClock());
  const cards = new Map<string, FakeCard>();
  return {
    gateway: grid,
    card(household) {
      const number = String(cards.size + 1);
      const card = cards.get(household) ?? new FakeCard(number.padStart(16, '0'), number.padStart(12, '0'));
      if (!cards.has(household)) grid.addHousehold(card);
      cards.set(household, card);
      const nothing = (): never => {
        throw new Error('This suite writes no card.');
      };
      return {
        read: () => Promise.resolve(fromCardImageMessage(card.read())),
        ...{ write: nothing, insert: nothing, copy: nothing },
      };
    },
    deposit: ({ availableFen, batch = 'open' }) => Object.assign(grid.deposit, { availableFen, batch }),
    standing: () =>
      [...grid.sales.values()]
        .filter(({ status }) => status === 'sold')
        .map(({ orderNo, faceFen }) => ({ orderNo, faceFen })),
    close: () => Promise.resolve(),
  };
}

vendorCredit(() => Promise.resolve(fakeHarness()), { withSale: true });
