import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { identifyChip } from '../chip/identify.ts';
import { writeCard } from '../meter-card/write.ts';
import { tripleDes } from './node/triple-des.ts';
import type { CardSession } from '../reader/slot.ts';
import { formatTranscript, parseTranscript, type Transcript } from '../transcript/format.ts';
import { ReplaySession } from '../transcript/player.ts';
import { RecordingSession } from '../transcript/recorder.ts';
import { DirectSession } from './direct-session.ts';
import { MemoryJournal } from './memory-journal.ts';
import type { MeterChip } from './meter-files.ts';
import { samplePurchase, type SamplePurchase } from './sample-purchase.ts';
import { withLayout } from './read-built-in.ts';

const FOLDER = join(import.meta.dirname, '../../fixtures/transcripts');
const CHIPS = ['SLE4442', 'SLE4428', 'CPU', 'AT88SC1608', 'AT88SC153', 'AT88SC1602'] as const;
const SEED = 1;
/** C4 and C8 matter to the bit-serial chips alone. */
const readerOf = (chip: string): Transcript['memoryReader'] =>
  chip === 'AT88SC1602' ? { memoryDialect: 'acs', wiresC4C8: true } : { memoryDialect: 'acs' };

const pathOf = (chip: MeterChip): string => join(FOLDER, `${chip.toLowerCase()}-purchase.json`);
const sampleOf = (chip: MeterChip): SamplePurchase => samplePurchase(chip, { cipher: tripleDes, seed: SEED });

async function write(session: CardSession, { plan, authorise }: SamplePurchase): Promise<void> {
  await writeCard({
    ...withLayout(await identifyChip(session, readerOf(plan.chip))),
    atr: session.atr,
    plan,
    lease: { no: 1, expiresAtMonotonic: 1 },
    journal: new MemoryJournal(),
    clock: { now: () => 0, monotonic: () => 0, sleep: () => Promise.resolve() },
    authorise,
  });
}

/** Every command and answer of one purchase. */
async function record(chip: MeterChip): Promise<Transcript> {
  const sample = sampleOf(chip);
  const session = new RecordingSession(new DirectSession(sample.card));
  await write(session, sample);
  return {
    format: 'bianmin-transcript/1',
    provenance: {
      reader: 'none: the simulated card itself',
      model: 'direct-session',
      driven: 'simulated',
      chip,
      date: '2026-11-25',
      by: 'shared/src/testing/golden-transcript.test.ts',
      note: `One purchase on the sample card of seed ${SEED}; 61 xx and 6C xx are dealt with below.`,
    },
    memoryReader: readerOf(chip),
    atr: session.atrHex,
    exchanges: [...session.exchanges],
  };
}

it.each(CHIPS)(
  'a purchase on %s sends what it always sent (UPDATE_FIXTURES=1 accepts a change)',
  async (chip) => {
    const now = formatTranscript(await record(chip));
    if (process.env['UPDATE_FIXTURES'] === '1') writeFileSync(pathOf(chip), now);
    expect(now).toBe(readFileSync(pathOf(chip), 'utf8'));
  },
);

it.each(CHIPS)(
  'the recorded purchase on %s plays: the write succeeds against it and leaves nothing over',
  async (chip) => {
    const session = new ReplaySession(parseTranscript(readFileSync(pathOf(chip), 'utf8')));
    await write(session, sampleOf(chip));
    session.assertAllPlayed();
  },
);
