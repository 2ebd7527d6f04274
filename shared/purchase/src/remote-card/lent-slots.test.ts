import { expect, it } from 'vitest';
import { FakeSlot, FakeSlots } from '@bianmin/card/testing/fake-slots';
import { LentSlots } from './lent-slots.ts';

function shared(): { source: FakeSlots; slot: FakeSlot; lent: LentSlots; serve: (busy: boolean) => void } {
  const [source, slot] = [new FakeSlots(), new FakeSlot('A reader')];
  source.plug(slot);
  let busy = false;
  const lent = new LentSlots({ source, busy: () => busy });
  return { source, slot, lent, serve: (now) => (busy = now) };
}

it('lends nothing while a resident is served, and nothing twice', () => {
  const { lent, serve } = shared();
  serve(true);
  expect(lent.lend()).toBe(false);
  expect(lent.slots()).toEqual([]);
  serve(false);
  expect(lent.lend()).toBe(true);
  expect(lent.slots()).toHaveLength(1);
  expect(lent.lend()).toBe(false);
  lent.giveBack();
  expect(lent.slots()).toEqual([]);
});

it('shows residents the same readers all the time, empty while they are lent', async () => {
  const { source, slot, lent } = shared();
  const [seen] = lent.residents.slots();
  const heard: boolean[] = [];
  const off = seen?.onChange((present) => heard.push(present));
  lent.lend();
  slot.insert('6501000000000001');
  expect(lent.residents.slots()).toEqual([seen]);
  expect([seen?.name, seen?.model.id, await seen?.present()]).toEqual(['A reader', 'fake', false]);
  await expect(seen?.open()).rejects.toMatchObject({ code: 'reader.no-card' });
  expect(await lent.slots()[0]?.present()).toBe(true);
  expect(heard).toEqual([]);
  lent.giveBack();
  await expect.poll(() => heard).toEqual([true]);
  expect(await seen?.present()).toBe(true);
  await expect(seen?.open()).rejects.toMatchObject({ code: 'reader.unsupported' });
  slot.remove();
  expect(heard).toEqual([true, false]);
  off?.();
  lent.lend();
  lent.giveBack();
  slot.insert('6501000000000001');
  expect(heard).toEqual([true, false]);
  let changes = 0;
  lent.residents.onChange(() => (changes += 1));
  source.plug(new FakeSlot('Another'));
  expect(changes).toBe(1);
  await seen?.close();
});
