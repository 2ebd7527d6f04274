import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GridError } from '../../gateways/grid/error.ts';
import { plainPlan, type FakeCard } from '../../testing/fake-card.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';
import type { Order } from '../model/order.ts';

let a: FakeTerminal;
let world: OrderWorld;
let card: FakeCard;
let sold: Order;
beforeAll(async () => {
  a = await fakeTerminal('kiosk-a');
});
beforeEach(async () => {
  world = await OrderWorld.open();
  card = world.household();
  sold = await world.paid(a, card);
});

const release = async (terminal: FakeTerminal, from = card) =>
  world.services.writes.release(await world.now(sold), terminal, { image: from.read() });

describe('a plan that is refused, or good all the same', () => {
  it('is refused for another card', async () => {
    await expect(release(a, world.household())).rejects.toMatchObject({ code: 'card.changed' });
    expect((await world.now(sold)).write.status).toBe('none');
  });

  it('is good for a card that was in its meter since, if the grid finds it sound', async () => {
    card.write(plainPlan({ orderNo: 'x', serial: card.serial, count: 1, faceFen: 1 }));
    world.meterOf(card).insert(card);
    expect((await release(a)).lease).toBe(1);
  });

  it('is refused for a card that the grid finds damaged', async () => {
    card.write(plainPlan({ orderNo: 'x', serial: card.serial, count: 1, faceFen: 1 }));
    world.grid.identify = () =>
      Promise.reject(new GridError({ code: 'grid.refused', message: 'Damaged.', refusal: 'card-damaged' }));
    await expect(release(a)).rejects.toMatchObject({ code: 'card.damaged' });
    expect((await world.now(sold)).write.status).toBe('none');
  });

  it('is refused before the sale and after the order is over', async () => {
    const other = world.household();
    const open = await world.offer(a, other);
    const releaseOpen = async () =>
      world.services.writes.release(await world.now(open), a, { image: other.read() });
    await expect(releaseOpen()).rejects.toMatchObject({ code: 'order.not-sold' });
    await world.services.orders.cancel(open);
    await expect(releaseOpen()).rejects.toMatchObject({ code: 'order.closed' });
  });

  it('needs a person when the grid says that it never sold', async () => {
    await world.grid.reverse(sold._id);
    await expect(release(a)).rejects.toMatchObject({ code: 'grid.refused' });
    expect((await world.now(sold)).state).toBe('attention');
  });
});
