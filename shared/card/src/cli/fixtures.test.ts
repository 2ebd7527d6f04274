import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assertRedacted } from '../transcript/check.ts';
import { formatTranscript, parseTranscript } from '../transcript/format.ts';
import { FakeIo } from './fake-io.ts';
import { PROJECT } from './project-tools.ts';
import { replayed } from './replayed.ts';
import { SIMULATED } from './simulator.ts';

const FOLDER = join(import.meta.dirname, '../../fixtures/transcripts');
const FIXTURES = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .map((name) => ({ name, text: readFileSync(join(FOLDER, name), 'utf8') }));

describe.each(FIXTURES)('the recorded fixture $name', ({ text }) => {
  const transcript = parseTranscript(text);

  it('is as the tool writes it, and shows nothing that must be hidden', () => {
    expect(formatTranscript(transcript)).toBe(text);
    assertRedacted(transcript);
  });

  // A recording without a dump is of something else than reading, and is played where it was recorded.
  it.runIf(transcript.dump !== undefined)('plays back to its dump through today’s drivers', async () => {
    const { dump, recordedDump } = await replayed(transcript, PROJECT.meterFiles);
    expect(dump).toEqual(recordedDump);
  });
});

it.each(SIMULATED)('a simulated %s says what its fixture of seed 1 recorded', async (chip) => {
  const io = new FakeIo();
  expect(await io.run(`record --fixture ${chip.toLowerCase()}-sample --simulate ${chip}:1`)).toMatchObject({
    code: 0,
  });
  const [path, text = ''] = [...io.saved][0] ?? [];
  expect(path).toBe(join(FOLDER, `${chip.toLowerCase()}-sample.json`));
  const [now, recorded] = [parseTranscript(text), parseTranscript(readFileSync(path ?? '', 'utf8'))];
  expect({ ...now, provenance: undefined }).toEqual({ ...recorded, provenance: undefined });
});
