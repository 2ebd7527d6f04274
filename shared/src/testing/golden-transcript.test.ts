import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { toHex } from '../bytes/hex.ts';
import { identifyChip } from '../chip/identify.ts';
import { writeCard } from '../meter-card/write.ts';
import { tripleDes } from '../node/triple-des.ts';
import type { CardSession } from '../reader/slot.ts';
import { DirectSession } from './direct-session.ts';
import { MemoryJournal } from './memory-journal.ts';
import { samplePurchase, type SampleChip } from './sample-purchase.ts';

const FOLDER = join(import.meta.dirname, '../../fixtures/transcripts');

/** Every command and answer of one purchase; a presented code is shown as XX. */
async function transcript(chip: SampleChip): Promise<string> {
  const { card, plan, authorise } = samplePurchase(chip, { cipher: tripleDes, seed: 1 });
  const session = new DirectSession(card);
  const lines = [`# atr ${toHex(session.atr)}`];
  const recording: CardSession = {
    atr: session.atr,
    async transmit(apdu) {
      const hex = toHex(apdu);
      lines.push(`=> ${hex.startsWith('FF20') ? hex.slice(0, 10) + 'XX'.repeat(apdu.length - 5) : hex}`);
      const answer = await session.transmit(apdu);
      lines.push(`<= ${toHex(answer)}`);
      return answer;
    },
    end: () => session.end(),
  };
  await writeCard({
    driver: await identifyChip(recording, { memoryDialect: 'acs' }),
    atr: recording.atr,
    plan,
    lease: { no: 1, expiresAtMonotonic: 1 },
    journal: new MemoryJournal(),
    clock: { now: () => 0, monotonic: () => 0, sleep: () => Promise.resolve() },
    authorise,
  });
  return `${lines.join('\n')}\n`;
}

it.each(['SLE4442', 'CPU'] as const)(
  'a purchase on %s sends what it always sent (UPDATE_FIXTURES=1 accepts a change)',
  async (chip) => {
    const path = join(FOLDER, `${chip.toLowerCase()}-purchase.txt`);
    const now = await transcript(chip);
    if (process.env['UPDATE_FIXTURES'] === '1') writeFileSync(path, now);
    expect(now).toBe(readFileSync(path, 'utf8'));
  },
);
