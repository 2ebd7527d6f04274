import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { GridCustomer } from '../../gateways/grid/customers.ts';
import { fromCardImageMessage } from '@bianmin/card/meter-card/wire';
import type { FakeCard } from '../../testing/fake-card.ts';
import { faultsOf } from '../../testing/faults.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';
import type { Order } from '../model/order.ts';
import { AskedMeters } from './asked-meters.ts';

let world: OrderWorld;
let kiosk: FakeTerminal;
let card: FakeCard;
let order: Order;

beforeAll(async () => {
  kiosk = await fakeTerminal('kiosk-a');
});
beforeEach(async () => {
  world = await OrderWorld.open();
  card = world.household();
  order = await world.write(kiosk, card, await world.paid(kiosk, card));
});

const ask = () => world.services.meters.ask(order);

/** The meter takes the card, and another agent's reader shows that to the grid. */
async function seenElsewhere(): Promise<void> {
  world.meterOf(card).insert(card);
  await world.grid.identify(fromCardImageMessage(card.read()));
}

describe('a meter that the grid is asked about', () => {
  it('has a purchase once a card that was read anywhere proves its count', async () => {
    expect(await ask()).toEqual(order);
    await seenElsewhere();
    const asked = await ask();
    expect(asked).toMatchObject({ state: 'done', meter: { status: 'credited' } });
    expect(asked.events.at(-1)?.name).toBe('meter.credited');
    expect(await world.services.meters.ask(asked)).toEqual(asked);
  });

  it('is not known where the grid is silent', async () => {
    await seenElsewhere();
    world.grid.fault = faultsOf({ identifyCustomer: ['lost-answer'] });
    expect(await ask()).toEqual(order);
  });

  const other = (over: Partial<GridCustomer>, grid = order.grid) =>
    new AskedMeters({
      grid: {
        grid,
        identifyCustomer: async (no) => ({ ...(await world.grid.identifyCustomer(no)), ...over }),
      },
      ...{ mover: world.services.mover, log: world.log },
    });

  it('says nothing where the customer has another one by now, or the order is another grid’s', async () => {
    await seenElsewhere();
    expect(await other({ meterNo: '000000000099' }).ask(order)).toEqual(order);
    expect(await other({ creditedCount: order.count - 1 }).ask(order)).toEqual(order);
    expect(await other({}, 'agent-string').ask(order)).toEqual(order);
    expect(await other({ creditedCount: order.count }).ask(order)).toMatchObject({
      meter: { status: 'credited' },
    });
  });
});
