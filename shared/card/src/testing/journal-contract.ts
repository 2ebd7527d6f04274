import { describe, expect, it } from 'vitest';
import type { Journal, JournalEntry } from '../meter-card/journal.ts';

export function sampleEntry(patch: Partial<JournalEntry> = {}): JournalEntry {
  return {
    orderNo: '260115020000000001',
    lease: 1,
    chip: 'SLE4442',
    serial: '6501000000000001',
    ranges: [{ zone: 'main', offset: 0x50, length: 12 }],
    outsideDigest: 'a'.repeat(64),
    phase: 'intent',
    startedAt: 1_768_442_400_000,
    ...patch,
  };
}

/** What every journal must do. `reopen` gives another journal on what the former left, as after a power cut. */
export function journalContract(
  name: string,
  make: () => Promise<{ journal: Journal; reopen: () => Promise<Journal> }>,
): void {
  describe(`journal contract: ${name}`, () => {
    it('is empty at first', async () => {
      const { journal } = await make();
      expect(await journal.list()).toEqual([]);
    });

    it('keeps one entry an order, the last one put', async () => {
      const { journal, reopen } = await make();
      await journal.put(sampleEntry());
      await journal.put(sampleEntry({ phase: 'presenting' }));
      const written = sampleEntry({ phase: 'written', lease: 2, imageDigest: 'b'.repeat(64) });
      await journal.put(written);
      expect(await (await reopen()).list()).toEqual([written]);
    });

    it('lists oldest first', async () => {
      const { journal } = await make();
      const later = sampleEntry({ orderNo: '260115020000000002', startedAt: 2 });
      const sooner = sampleEntry({ orderNo: '260115020000000003', startedAt: 1 });
      await journal.put(later);
      await journal.put(sooner);
      expect(await journal.list()).toEqual([sooner, later]);
    });

    it('removes for good, and what is not there without complaint', async () => {
      const { journal, reopen } = await make();
      await journal.put(sampleEntry());
      await journal.remove(sampleEntry().orderNo);
      await journal.remove(sampleEntry().orderNo);
      expect(await (await reopen()).list()).toEqual([]);
    });
  });
}
