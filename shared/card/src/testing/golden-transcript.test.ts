import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeCard } from '../meter-card/write.ts';
import { tripleDes } from './node/triple-des.ts';
import type { CardSession } from '../reader/slot.ts';
import { formatTranscript, parseTranscript, type Transcript } from '../transcript/format.ts';
import { ReplaySession } from '../transcript/player.ts';
import { RecordingSession } from '../transcript/recorder.ts';
import { DirectSession } from './direct-session.ts';
import { MemoryJournal } from './memory-journal.ts';
import { openSample } from './open-sample.ts';
import { chipOf, METER_CARDS, type MeterCard } from './meter-files.ts';
import { samplePurchase, type SamplePurchase } from './sample-purchase.ts';

const FOLDER = join(import.meta.dirname, '../../fixtures/transcripts');
const SEED = 1;
/** C4 and C8 matter to the bit-serial chips alone. */
const readerOf = (chip: string): Transcript['memoryReader'] =>
  chip === 'AT88SC1602' ? { memoryDialect: 'acs', wiresC4C8: true } : { memoryDialect: 'acs' };

const pathOf = (card: MeterCard): string => join(FOLDER, `${card.toLowerCase()}-purchase.json`);
const sampleOf = (card: MeterCard): SamplePurchase => samplePurchase(card, { cipher: tripleDes, seed: SEED });

async function write(session: CardSession, sample: SamplePurchase): Promise<void> {
  const { layout, plan, authorise } = sample;
  await writeCard({
    driver: await openSample(sample, session, readerOf(plan.chip)),
    layout,
    atr: session.atr,
    plan,
    lease: { no: 1, expiresAtMonotonic: 1 },
    journal: new MemoryJournal(),
    clock: { now: () => 0, monotonic: () => 0, sleep: () => Promise.resolve() },
    authorise,
  });
}

/** Every command and answer of one purchase. */
async function record(card: MeterCard): Promise<Transcript> {
  const chip = chipOf(card);
  const sample = sampleOf(card);
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
      by: 'shared/card/src/testing/golden-transcript.test.ts',
      note: `One purchase on the sample card of seed ${SEED}; 61 xx and 6C xx are dealt with below.`,
    },
    memoryReader: readerOf(chip),
    atr: session.atrHex,
    exchanges: [...session.exchanges],
  };
}

it.each(METER_CARDS)(
  'a purchase on %s sends what it always sent (UPDATE_FIXTURES=1 accepts a change)',
  async (card) => {
    const now = formatTranscript(await record(card));
    if (process.env['UPDATE_FIXTURES'] === '1') writeFileSync(pathOf(card), now);
    expect(now).toBe(readFileSync(pathOf(card), 'utf8'));
  },
);

it.each(METER_CARDS)(
  'the recorded purchase on %s plays: the write succeeds against it and leaves nothing over',
  async (card) => {
    const session = new ReplaySession(parseTranscript(readFileSync(pathOf(card), 'utf8')));
    await write(session, sampleOf(card));
    session.assertAllPlayed();
  },
);
