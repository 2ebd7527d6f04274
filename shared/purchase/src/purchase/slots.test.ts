import { describe, expect, it } from 'vitest';
import { FakeSlot, FakeSlots } from '@bianmin/card/testing/fake-slots';
import { settled } from '@bianmin/card/testing/manual-clock';
import { SlotTable } from './slots.ts';

function table(...slots: FakeSlot[]) {
  const source = new FakeSlots();
  source.list.push(...slots);
  const faults: unknown[][] = [];
  const seen: (readonly string[])[] = [];
  const it = new SlotTable({
    source,
    onChange: () => seen.push(it.present),
    onFault: (...fault) => faults.push(fault),
  });
  return { source, faults, seen, table: it };
}

describe('the readers and their cards', () => {
  it('are told by name and key, with the cards that were in before', async () => {
    const slots = [new FakeSlot('A'), new FakeSlot('B')] as const;
    slots[1].serial = '65';
    const { table: it, seen } = table(...slots);
    expect(it.names).toEqual([]);
    it.start();
    expect(it.names).toEqual(['A', 'B']);
    await settled();
    expect(it.present).toEqual(['slot-2']);
    expect(seen).toEqual([[], ['slot-2']]);
    expect(it.slot('slot-1')).toBe(slots[0]);
    expect(it.slot('slot-2')).toBe(slots[1]);
    expect(it.slot('slot-3')).toBeUndefined();
  });

  it('are told of each card that comes or goes, once', async () => {
    const slot = new FakeSlot('A');
    const { table: it, seen } = table(slot);
    it.start();
    await settled();
    slot.insert('65');
    slot.insert('65');
    slot.remove();
    expect(seen).toEqual([[], ['slot-1'], []]);
  });

  it('come and go themselves; a key is never given twice', () => {
    const first = new FakeSlot('A');
    const second = new FakeSlot('B');
    const { source, table: it, seen } = table(first);
    it.start();
    source.plug(second);
    expect(it.names).toEqual(['A', 'B']);
    source.unplug(first);
    expect(it.names).toEqual(['B']);
    expect(it.slot('slot-1')).toBeUndefined();
    const told = seen.length;
    // One that is gone is not listened to.
    first.insert('65');
    expect(seen).toHaveLength(told);
    source.plug(first);
    expect(it.names).toEqual(['B', 'A']);
    expect(it.slot('slot-3')).toBe(first);
  });

  it('are believed in their newer word where both come', async () => {
    const slot = new FakeSlot('A');
    slot.serial = '65';
    let answer: (present: boolean) => void = () => undefined;
    slot.present = () => new Promise((resolve) => (answer = resolve));
    const { table: it } = table(slot);
    it.start();
    slot.remove();
    answer(true);
    await settled();
    expect(it.present).toEqual([]);
  });

  it('tell what went wrong with one, and go on with it', async () => {
    const slot = new FakeSlot('A');
    const broken = new Error('broken');
    slot.present = () => Promise.reject(broken);
    const { table: it, faults } = table(slot);
    it.start();
    await settled();
    expect(faults).toEqual([['slot.present', broken]]);
    slot.insert('65');
    expect(it.present).toEqual(['slot-1']);
  });

  it('are no longer listened to after the end', async () => {
    const slot = new FakeSlot('A');
    const { source, table: it, seen } = table(slot);
    it.stop();
    it.start();
    await settled();
    it.stop();
    expect(it.names).toEqual([]);
    const told = seen.length;
    slot.insert('65');
    source.plug(new FakeSlot('B'));
    expect(seen).toHaveLength(told);
    expect(it.names).toEqual([]);
  });

  it('answer too late where they are gone by then', async () => {
    const slot = new FakeSlot('A');
    slot.serial = '65';
    const { table: it, seen } = table(slot);
    it.start();
    it.stop();
    await settled();
    expect(seen).toEqual([[]]);
    expect(it.present).toEqual([]);
  });
});
