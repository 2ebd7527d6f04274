import { describe, expect, it } from 'vitest';
import { ChipSlot } from '@bianmin/card/testing/chip-slot';
import { imageDigest } from '@bianmin/card/meter-card/digest';
import { fromCardImageMessage } from '@bianmin/card/meter-card/wire';
import { sampleEntry } from '@bianmin/card/testing/journal-contract';
import { MemoryJournal } from '@bianmin/card/testing/memory-journal';
import { tripleDes } from '@bianmin/card/testing/node/triple-des';
import { samplePurchase } from '@bianmin/card/testing/sample-purchase';
import type { MeterChip } from '@bianmin/card/testing/meter-files';
import { cardWork } from './card-work.ts';

function rig(chip: MeterChip = 'SLE4442') {
  const purchase = samplePurchase(chip, { cipher: tripleDes, seed: 31 });
  const slot = new ChipSlot(purchase.card);
  slot.insert(purchase.plan.serial);
  return { purchase, slot, card: purchase.card };
}

describe('a card that is opened', () => {
  it('is powered and read', async () => {
    const { purchase, slot } = rig();
    const open = await cardWork.open(slot);
    const { serial } = purchase.plan;
    expect(open.serial).toBe(serial);
    expect(open.image).toMatchObject({ chip: 'SLE4442', serial });
    expect(open.image.regions.length).toBeGreaterThan(0);
    expect([slot.opened, slot.ended]).toEqual([1, 0]);
    await open.end();
    expect([slot.opened, slot.ended]).toEqual([1, 1]);
  });

  it('is powered down again where it cannot be read', async () => {
    const { slot, card } = rig();
    card.transmit = () => Uint8Array.of(0x6f, 0x00);
    await expect(cardWork.open(slot)).rejects.toThrow();
    expect([slot.opened, slot.ended]).toEqual([1, 1]);
  });

  it('is not there: that is said as it is', async () => {
    const { slot } = rig();
    slot.remove();
    await expect(cardWork.open(slot)).rejects.toMatchObject({ code: 'reader.no-card' });
  });
});

describe('the code of a card that is opened', () => {
  it.each([
    [3, null],
    [2, 'meter-card.code-tries'],
    [1, 'meter-card.code-tries'],
    [0, 'meter-card.locked'],
  ] as const)('with %i tries left: %s', async (left, fault) => {
    const { slot, card } = rig();
    card.setTriesLeft(left);
    const open = await cardWork.open(slot);
    expect(await open.codeFault(new MemoryJournal())).toBe(fault);
    expect(card.tries[0]?.left).toBe(left);
  });

  it('is none on a CPU card', async () => {
    const { slot } = rig('CPU');
    expect(await (await cardWork.open(slot)).codeFault(new MemoryJournal())).toBeNull();
  });

  it('is the key of a CPU card that refused one, for as long as that card is as it was', async () => {
    const { slot, purchase } = rig('CPU');
    const { serial } = purchase.plan;
    const open = await cardWork.open(slot);
    const journal = new MemoryJournal();
    const keys = {
      digest: imageDigest(fromCardImageMessage(open.image)),
      unanswered: 0,
      refused: true,
    } as const;
    const entry = sampleEntry({ chip: 'CPU', serial, phase: 'failed', keys, told: true });
    await journal.put(entry);
    expect(await open.codeFault(journal)).toBe('meter-card.code-tries');
    await journal.put({ ...entry, triesLeft: 0 });
    expect(await open.codeFault(journal)).toBe('meter-card.locked');
    await journal.put({ ...entry, keys: { ...keys, digest: 'd'.repeat(64) } });
    expect(await open.codeFault(journal)).toBeNull();
  });
});

describe('a card that rests', () => {
  it('stays powered, and is not read again', async () => {
    const { slot, card } = rig();
    const first = await cardWork.open(slot);
    first.rest();
    card.resetUsage();
    const second = await cardWork.open(slot);
    expect(second.image).toEqual(first.image);
    expect(slot.opened).toBe(1);
    expect(card.usage.apdus).toBe(1);
    // Four bytes and two of status; the command is five.
    expect(card.usage.bytes).toBeLessThan(20);
  });

  it('rests until it is opened, and not by itself again', async () => {
    const { slot } = rig();
    (await cardWork.open(slot)).rest();
    await cardWork.open(slot);
    await cardWork.open(slot);
    expect(slot.opened).toBe(2);
  });

  it('is read again where it lost its power meanwhile', async () => {
    const { slot, card } = rig();
    (await cardWork.open(slot)).rest();
    const transmit = card.transmit.bind(card);
    let isFirst = true;
    card.transmit = (apdu) => {
      const answer = isFirst ? Uint8Array.of(0x69, 0x86) : transmit(apdu);
      isFirst = false;
      return answer;
    };
    await cardWork.open(slot);
    expect([slot.opened, slot.ended]).toEqual([2, 1]);
  });

  it('is read again where it shows other bytes', async () => {
    const { slot, purchase, card } = rig();
    const first = await cardWork.open(slot);
    first.rest();
    const last = first.image.regions.at(-1);
    const zone = card.zone(last?.zone ?? '');
    zone?.set([0x65, 0x02], last?.offset ?? 0);
    const second = await cardWork.open(slot);
    expect(second.serial).not.toBe(purchase.plan.serial);
    expect([slot.opened, slot.ended]).toEqual([2, 1]);
  });

  it('is forgotten when it is taken out', async () => {
    const { slot, purchase } = rig();
    (await cardWork.open(slot)).rest();
    slot.remove();
    slot.insert(purchase.plan.serial);
    await cardWork.open(slot);
    expect([slot.opened, slot.ended]).toEqual([2, 0]);
  });

  it('is not forgotten by a second word that it is in', async () => {
    const { slot, purchase } = rig();
    (await cardWork.open(slot)).rest();
    slot.insert(purchase.plan.serial);
    await cardWork.open(slot);
    expect(slot.opened).toBe(1);
  });

  it('is of its own slot', async () => {
    const { slot } = rig();
    const other = rig();
    (await cardWork.open(slot)).rest();
    await cardWork.open(other.slot);
    expect(other.slot.opened).toBe(1);
  });
});
