import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toHex } from '../bytes/hex.ts';
import { writeCard } from '../meter-card/write.ts';
import { tripleDes } from './node/triple-des.ts';
import { RecordingSession } from '../transcript/recorder.ts';
import { DirectSession } from './direct-session.ts';
import { MemoryJournal } from './memory-journal.ts';
import { chipOf, METER_CARDS, type MeterCard } from './meter-files.ts';
import { samplePurchase, type SamplePurchase } from './sample-purchase.ts';
import { leakIn, secretsOf, wordsOf } from './secrets.ts';
import { openSample } from './open-sample.ts';

const MEMORY_CARDS = METER_CARDS.filter((card) => chipOf(card) !== 'CPU');
const FIXTURES = join(import.meta.dirname, '../../fixtures');

class LoudJournal extends MemoryJournal {
  readonly said: string[] = [];

  override put(...args: Parameters<MemoryJournal['put']>): Promise<void> {
    this.said.push(JSON.stringify(args));
    return super.put(...args);
  }
}

/** A card that the plan's code does not open, or that nothing opens any more. */
type Trouble = 'wrong-code' | 'locked';

function sampleWith(chip: MeterCard, trouble: Trouble | undefined): SamplePurchase {
  const sample = samplePurchase(chip, { cipher: tripleDes, seed: 11 });
  if (trouble === 'locked') sample.card.setTriesLeft(0);
  if (trouble !== 'wrong-code') return sample;
  const codes = sample.codes.map(({ key, code }) => ({ key, code: code.map((byte) => byte ^ 0x5a) }));
  const steps = sample.plan.steps.map((step) => {
    if (step.op !== 'present-code') return step;
    const code = codes.find(({ key }) => key === step.key)?.code ?? new Uint8Array();
    return { ...step, code: toHex(code) };
  });
  return { ...sample, codes, plan: { ...sample.plan, steps } };
}

/** All that a write says where anybody could keep it: journal, progress, transcript, the words of its failure. */
async function everythingSaid(
  chip: MeterCard,
  init: { pullAt?: number; trouble?: Trouble },
): Promise<{ text: string; secrets: Uint8Array[]; done: boolean }> {
  const sample = sampleWith(chip, init.trouble);
  const secrets = secretsOf(sample);
  const journal = new LoudJournal();
  const said: string[] = [];
  let moments = 0;
  const session = new RecordingSession(new DirectSession(sample.card, () => moments++ === init.pullAt));
  let done = true;
  try {
    await writeCard({
      driver: await openSample(sample, session),
      layout: sample.layout,
      atr: session.atr,
      plan: sample.plan,
      lease: { no: 1, expiresAtMonotonic: 1 },
      journal,
      clock: { now: () => 0, monotonic: () => 0, sleep: () => Promise.resolve() },
      authorise: sample.authorise,
      onProgress: (...progress) => said.push(JSON.stringify(progress)),
    });
  } catch (error) {
    done = false;
    said.push(wordsOf(error));
  }
  said.push(JSON.stringify(session.exchanges), ...journal.said);
  return { text: said.join('\n'), secrets, done };
}

describe.each(MEMORY_CARDS)('the codes of an %s', (chip) => {
  it('are in nothing that is kept, wherever the card is pulled', async () => {
    for (let pullAt = 0; ; pullAt++) {
      const { text, secrets, done } = await everythingSaid(chip, { pullAt });
      expect(secrets.length).toBeGreaterThan(0);
      expect(leakIn(text, secrets), `pulled at ${pullAt}`).toBeUndefined();
      if (done) return;
    }
  });

  it.each(['wrong-code', 'locked'] as const)(
    'are in nothing that is said of a failure: %s',
    async (trouble) => {
      const { text, secrets, done } = await everythingSaid(chip, { trouble });
      expect(done).toBe(false);
      expect(secrets.length).toBeGreaterThan(0);
      expect(leakIn(text, secrets)).toBeUndefined();
    },
  );

  it('are in no fixture', () => {
    const secrets = secretsOf(samplePurchase(chip, { cipher: tripleDes, seed: 1 }));
    const names = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' });
    const own = names.filter((name) => name.endsWith('.json') && name.includes(chip.toLowerCase()));
    expect(own.length).toBeGreaterThan(0);
    for (const name of own) {
      expect(leakIn(readFileSync(join(FIXTURES, name), 'utf8'), secrets), name).toBeUndefined();
    }
  });
});

it('would notice a code, however it is spelt', () => {
  const code = Uint8Array.of(0xa1, 0x0b, 0x02);
  for (const text of ['xA10B02', '"a10b02"', 'A1 0B 02', '[161,11,2]', '161, 11, 2']) {
    expect(leakIn(text, [code])).toBeDefined();
  }
  expect(leakIn('A1 0B 03', [code])).toBeUndefined();
});

it('does not take a digest for a code that it spells by chance', () => {
  const code = Uint8Array.of(0x78, 0x8a, 0xfd);
  const digest = `${'0'.repeat(20)}788afd${'1'.repeat(38)}`;
  const traceparent = `00-${'0'.repeat(32)}-1${'788afd'}${'2'.repeat(9)}-01`;
  for (const text of [
    `"${digest}"`,
    traceparent,
    '"64f0788afd64f0788afd64f0"',
    '788afd00-0000-4000-8000-000000000000',
  ])
    expect(leakIn(text, [code]), text).toBeUndefined();
  for (const text of ['ff2000000003788afd', digest.toUpperCase(), `${digest}00`, 'code 788afd'])
    expect(leakIn(text, [code]), text).toBeDefined();
});
