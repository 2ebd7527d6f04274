import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Region } from '@bianmin/card/chip/region';
import { BUILT_IN_LAYOUTS } from '@bianmin/card/meter-card/built-in-layouts';
import { recogniserOf } from '@bianmin/card/meter-card/recognise';
import { chipOf, layoutOfCard, METER_CARDS, type MeterCard } from '@bianmin/card/testing/meter-files';
import { BOTH_MAKERS } from '@bianmin/card/testing/second-maker';
import type { AskedCommand } from '@bianmin/purchase/api/card-session';
import { CardDesk } from '../../testing/card-desk.ts';

/** Cards whose layout is not their chip's first. */
const CARDS = METER_CARDS.filter((card) => card !== chipOf(card));
const readsOf = (regions: readonly Region[]): AskedCommand[] =>
  regions.map(({ zone, offset, length }) => ({ do: 'read', zone, offset, length }));
const isRead = ({ do: verb }: AskedCommand): boolean => verb === 'read';

/** A rewrite at a kiosk that knows both makers, its card identified. */
async function begun(desk: CardDesk, card: MeterCard, seed: number) {
  const kiosk = await desk.w.kiosk(recogniserOf(BOTH_MAKERS));
  const sold = await desk.w.soldOrder(card, seed);
  const { id } = await desk.joined(kiosk, { kind: 'rewrite', orderNo: sold.orderNo });
  kiosk.reader.insert(sold.card);
  const { permits } = await desk.step(kiosk, id, 1, { do: 'identify' });
  return { ...sold, kiosk, id, permits };
}

/** Reads the whole card, writes it, and takes it home. */
async function written(desk: CardDesk, of: Awaited<ReturnType<typeof begun>>, n: number): Promise<void> {
  const { kiosk, id, card, meter, amountFen } = of;
  await desk.step(kiosk, id, n, { do: 'read-card' });
  await desk.step(kiosk, id, n + 1, { do: 'write' });
  // A write that waits for its next stage is done as a step, and has no digest yet.
  const last = async () => (await desk.w.admin(desk.staff, `GET /${id}`)).session.steps.at(-1);
  await desk.poll(kiosk, async () => (await last())?.digest ?? null).not.toBeNull();
  kiosk.reader.eject();
  expect(meter.insert(card)).toEqual({ creditedFen: amountFen, error: undefined });
}

describe('a card of the second maker, where its layout is in force', () => {
  let desk: CardDesk;
  beforeAll(async () => {
    desk = await CardDesk.open(BOTH_MAKERS);
  });
  afterAll(() => desk.close());

  it.each(CARDS)('is read place by place as its maker lays it out, and written: %s', async (card) => {
    const of = await begun(desk, card, 301 + CARDS.indexOf(card));
    const { kiosk, id, permits } = of;
    const { regions } = layoutOfCard(card);
    expect(permits.filter(isRead)).toEqual(readsOf(regions));
    for (const [i, read] of readsOf(regions).entries()) {
      const { steps } = await desk.step(kiosk, id, 2 + i, read);
      expect(steps[1 + i]).toMatchObject({ outcome: 'done' });
    }
    const n = 2 + regions.length;
    const [first] = readsOf(layoutOfCard(chipOf(card)).regions);
    const refused = await desk.w.admin(desk.staff, `/${id}/steps`, { n, command: first });
    expect(refused.code).toBe('card-session.not-permitted');
    await written(desk, of, n);
  });

  it('does not make the first maker’s be read by its places', async () => {
    const { permits, kiosk } = await begun(desk, 'SLE4442', 310);
    const [layout] = BUILT_IN_LAYOUTS.layouts.filter(({ chip }) => chip === 'SLE4442');
    expect(permits.filter(isRead)).toEqual(readsOf(layout?.regions ?? []));
    kiosk.reader.eject();
  });
});

describe('a card of the second maker, where the server was not given its layout', () => {
  let desk: CardDesk;
  beforeAll(async () => {
    desk = await CardDesk.open();
  });
  afterAll(() => desk.close());

  it.each(CARDS)('is read whole and written, and nothing of it is read by another’s: %s', async (card) => {
    const of = await begun(desk, card, 321 + CARDS.indexOf(card));
    expect(of.permits).toEqual([{ do: 'identify' }, { do: 'read-card' }]);
    await written(desk, of, 2);
  });
});
