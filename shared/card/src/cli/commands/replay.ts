import { slotText } from '../../usb/device-text.ts';
import { assertRedacted } from '../../transcript/check.ts';
import { parseTranscript } from '../../transcript/format.ts';
import { diffDumps, isSame } from '../dump-diff.ts';
import { EXIT } from '../exit.ts';
import { replayed } from '../replayed.ts';
import { give, readFile, type Command } from '../run.ts';
import { diffLines } from './diff.ts';
import { identified, identifiedLines } from './identify.ts';

/** Plays a transcript as a card, identifies and dumps it, and says whether it gives the dump that was recorded. */
export const replay: Command = async (run) => {
  const { say } = run.words;
  const transcript = parseTranscript(await readFile(run, run.args.names[0] ?? ''));
  assertRedacted(transcript);
  const { card, dump, recordedDump } = await replayed(transcript, run.io.project?.meterFiles);
  const found = identified(slotText(transcript.provenance.reader), card, dump.tries);
  const diffed = recordedDump === undefined ? undefined : diffDumps(recordedDump, dump);
  const same = diffed !== undefined && isSame(diffed);
  const verdict =
    diffed === undefined
      ? [say('replay.no-dump')]
      : same
        ? [say('replay.same')]
        : [say('replay.differs'), ...diffLines(diffed, run.words)];
  give(run, { ...found, exchanges: transcript.exchanges.length, same, dump }, [
    ...identifiedLines(found, run.words),
    say('replay.played', { exchanges: transcript.exchanges.length }),
    ...verdict,
  ]);
  return same ? EXIT.done : EXIT.no;
};
