import { expect, it } from 'vitest';
import { fakeTerminal, OrderWorld } from '../../testing/order-world.ts';

it('a key that two cards refused: no order is taken, no plan released, until staff let one be written', async () => {
  const kiosk = await fakeTerminal('kiosk-a');
  const world = await OrderWorld.open();
  const cards = [world.household(), world.household(), world.household()] as const;
  const orders = [
    await world.paid(kiosk, cards[0]),
    await world.paid(kiosk, cards[1]),
    await world.paid(kiosk, cards[2]),
  ] as const;
  const { writes } = world.services;
  for (const n of [0, 1] as const) {
    const { lease } = await writes.release(orders[n], kiosk, { image: cards[n].read() });
    const claim = { lease, result: 'failed', reason: 'meter-card.code-wrong', triesLeft: 2 } as const;
    const claimed = await writes.claim(await world.now(orders[n]), kiosk.terminalId, claim);
    expect(claimed.write).toMatchObject({ status: 'failed', reason: claim.reason, triesLeft: 2 });
  }
  await expect(writes.release(orders[2], kiosk, { image: cards[2].read() })).rejects.toMatchObject({
    code: 'grid.key-refused',
  });
  await expect(world.order(kiosk, world.household())).rejects.toMatchObject({ code: 'grid.key-refused' });

  const again = await world.now(orders[0]);
  const sealed = await writes.release(again, kiosk, { image: cards[0].read(), lastTry: true });
  cards[0].write(await kiosk.open(sealed));
  const imageDigest = cards[0].digest();
  const { lease } = sealed;
  await writes.claim(await world.now(again), kiosk.terminalId, { lease, result: 'written', imageDigest });
  world.clock.jump(1);
  await writes.release(await world.now(orders[2]), kiosk, { image: cards[2].read() });
});
