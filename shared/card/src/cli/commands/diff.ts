import * as z from '../../schema/kinds.ts';
import { diffDumps, isSame, type ChangedRun, type DumpDiff } from '../dump-diff.ts';
import { dumpSchema, type Dump } from '../dump-form.ts';
import { EXIT } from '../exit.ts';
import { offsetOf, spaced } from '../hex-view.ts';
import { give, readJson, type Command, type Run } from '../run.ts';
import type { Words } from '../words/words.ts';

/** Compares two dumps by zone. Also takes transcripts, which carry their dump. */
export const diff: Command = async (run) => {
  const [a = '', b = ''] = run.args.names;
  const diffed = diffDumps(await dumpOf(run, a), await dumpOf(run, b));
  give(run, { same: isSame(diffed), ...diffed }, diffLines(diffed, run.words));
  return isSame(diffed) ? EXIT.done : EXIT.no;
};

export function diffLines(diffed: DumpDiff, { say }: Words): string[] {
  if (isSame(diffed)) return [say('diff.same')];
  return [
    ...(diffed.sameChip ? [] : [say('diff.chip')]),
    ...(diffed.sameAtr ? [] : [say('diff.atr')]),
    ...diffed.tries.map(({ code, a, b }) => say('diff.tries', { code, a: a ?? '–', b: b ?? '–' })),
    ...diffed.zones.flatMap(({ zone, only, runs }) => [
      only === undefined
        ? say('diff.zone', { zone, runs: runs.length })
        : say(only === 'a' ? 'diff.only-a' : 'diff.only-b', { zone }),
      ...runs.flatMap(runLines),
    ]),
  ];
}

/** The bytes before and after, with what changed under the offset. */
export function runLines({ offset, a, b }: ChangedRun): string[] {
  return [`  ${offsetOf(offset)}  - ${spaced(a)}`, `        + ${spaced(b)}`];
}

const transcriptWithDump = z.looseObject({ dump: dumpSchema });

async function dumpOf(run: Run, path: string): Promise<Dump> {
  return readJson(run, path, (json) => {
    const inside = transcriptWithDump.safeParse(json);
    return inside.success ? { success: true, data: inside.data.dump } : dumpSchema.safeParse(json);
  });
}
