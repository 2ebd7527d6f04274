import { join } from 'node:path';
import { memoryReaderOf, openCard, withSession } from '../card.ts';
import { dumpCard } from '../dump-card.ts';
import { CliError } from '../error.ts';
import { EXIT } from '../exit.ts';
import { usage } from '../args.ts';
import { projectFor } from '../project.ts';
import { replayed } from '../replayed.ts';
import type { FoundSlot } from '../readers.ts';
import { give, withSlot, type Command, type Run } from '../run.ts';
import { HIDDEN } from '../../transcript/hidden.ts';
import {
  formatTranscript,
  parseTranscript,
  TRANSCRIPT_FORMAT,
  type Transcript,
} from '../../transcript/format.ts';
import { RecordingSession } from '../../transcript/recorder.ts';
import { diffDumps, isSame } from '../dump-diff.ts';

/** Writes down everything that passes while a card is identified and dumped; codes never get into it. */
export const record: Command = async (run) => {
  const path = pathOf(run);
  const transcript = await withSlot(run, (found) => recorded(run, found));
  await prove(transcript);
  await run.io.files.write(path, formatTranscript(transcript));
  const { exchanges, provenance } = transcript;
  const hidden = exchanges.flat().filter((text) => text.includes(HIDDEN)).length;
  give(run, { file: path, provenance, exchanges: exchanges.length, hidden }, [
    run.words.say('record.done', { file: path, exchanges: exchanges.length, hidden }),
    run.words.say('record.next'),
  ]);
  return EXIT.done;
};

async function recorded(run: Run, { slot, driven }: FoundSlot): Promise<Transcript> {
  const { io, args } = run;
  const memoryReader = memoryReaderOf(slot);
  return withSession(slot, async (session) => {
    const recording = new RecordingSession(session);
    const card = await openCard(recording, memoryReader);
    const dump = await dumpCard(card, io.project?.meterFiles);
    const { note } = args.text;
    return {
      format: TRANSCRIPT_FORMAT,
      provenance: {
        reader: slot.name,
        model: slot.model.id,
        driven,
        chip: card.driver.chip,
        date: new Date(io.clock.now()).toISOString().slice(0, 10),
        by: args.text['by'] ?? io.env['USER'] ?? io.env['USERNAME'] ?? 'unknown',
        ...(note === undefined ? {} : { note }),
      },
      memoryReader: JSON.parse(JSON.stringify(memoryReader)) as Transcript['memoryReader'],
      atr: recording.atrHex,
      exchanges: [...recording.exchanges],
      dump,
    };
  });
}

/** What hides a byte that the driver goes by would make a fixture that no driver passes. */
async function prove(transcript: Transcript): Promise<void> {
  const read = parseTranscript(formatTranscript(transcript));
  const { dump, recordedDump } = await replayed(read);
  if (recordedDump !== undefined && isSame(diffDumps(recordedDump, dump))) return;
  throw new CliError({
    code: 'cli.not-replayable',
    message: 'The recording does not play back to the same dump, so it was not kept; record again.',
  });
}

function pathOf({ io, args: { names, text } }: Run): string {
  const [file] = names;
  const fixture = text['fixture'];
  if ((file === undefined) === (fixture === undefined)) throw usage('record takes a FILE or --fixture NAME');
  if (fixture === undefined) return file ?? '';
  if (!/^[a-z0-9][a-z0-9-]*$/.test(fixture)) throw usage('a fixture has a name of a–z, 0–9 and -');
  return join(projectFor('--fixture', io.project).fixtures, `${fixture}.json`);
}
