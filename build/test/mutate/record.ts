import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { isNoticed, isUnnoticed, keyOf, UNNOTICED, type Mutant } from './score.ts';

/** What became of each file when it was last tried; committed. */
export const RECORD_PATH = join(import.meta.dirname, 'record.json');

const unnoticed = z.object({
  at: z.string(),
  mutator: z.string(),
  was: z.string(),
  becomes: z.string(),
  status: z.enum(UNNOTICED),
});
const mutationRecord = z.array(
  z.object({
    file: z.string(),
    /** Of its code, SHA-256, 16 hexadecimal digits. */
    text: z.string().regex(/^[0-9a-f]{16}$/),
    killed: z.int(),
    unnoticed: z.array(unnoticed),
  }),
);
export type MutationRecord = z.output<typeof mutationRecord>;
export type FileRecord = MutationRecord[number];

/** What became of one file. `text` is its own. */
export function fileRecord(file: string, text: string, mutants: readonly Mutant[]): FileRecord {
  const mine = mutants.filter((mutant) => mutant.file === file);
  return {
    ...{ file, text: digestOf(text) },
    killed: mine.filter(isNoticed).length,
    unnoticed: mine.flatMap(({ at, mutator, was, becomes, status }) => {
      const known = UNNOTICED.find((each) => each === status);
      return known === undefined ? [] : [{ at, mutator, was, becomes, status: known }];
    }),
  };
}

/** The same with what became of unnoticed places when they were tried again. */
export function againRecord(before: FileRecord, mutants: readonly Mutant[]): FileRecord {
  const noticed = new Set(mutants.filter((mutant) => !isUnnoticed(mutant)).map(keyOf));
  const unnoticed = before.unnoticed.filter((each) => !noticed.has(keyOf({ file: before.file, ...each })));
  return { ...before, killed: before.killed + before.unnoticed.length - unnoticed.length, unnoticed };
}

/** The record with these files as they came out now, sorted; of files that are gone nothing is kept. */
export function withFiles(
  record: MutationRecord,
  tried: readonly FileRecord[],
  isThere: (file: string) => boolean = existsSync,
): MutationRecord {
  const now = new Set(tried.map(({ file }) => file));
  return [...record.filter(({ file }) => !now.has(file) && isThere(file)), ...tried].sort((a, b) =>
    a.file < b.file ? -1 : 1,
  );
}

/** Those of these files that are not as they were when they were tried last, or never were. */
export async function changedIn(record: MutationRecord, files: readonly string[]): Promise<string[]> {
  const known = new Map(record.map(({ file, text }) => [file, text]));
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  return files.filter((file, n) => known.get(file) !== digestOf(texts[n] ?? ''));
}

/** The places of these files as a run would tell them; those that were noticed have no more than their file. */
export function mutantsOf(record: MutationRecord, files: readonly string[]): Mutant[] {
  return record
    .filter(({ file }) => files.includes(file))
    .flatMap(({ file, killed, unnoticed: survivors }) => [
      ...Array.from({ length: killed }, () => ({ file, ...NOTICED })),
      ...survivors.map((survivor) => ({ file, ...survivor })),
    ]);
}

const NOTICED = { at: '', mutator: '', was: '', becomes: '', status: 'Killed' } as const;

/** Empty where there is none yet. */
export function readRecord(path: string): MutationRecord {
  return mutationRecord.parse(JSON.parse(existsSync(path) ? readFileSync(path, 'utf8') : '[]'));
}

/** A survivor a line, so that a change of the file tells which. */
export function writeRecord(path: string, record: MutationRecord): void {
  const files = record.map(({ unnoticed: survivors, ...file }) => {
    const head = JSON.stringify(file).slice(0, -1);
    const lines = survivors.map((each) => `  ${JSON.stringify(each)}`).join(',\n');
    return `${head},"unnoticed":[${lines === '' ? '' : `\n${lines}\n`}]}`;
  });
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `[\n${files.join(',\n')}\n]\n`);
}

/** What it imports is not in it: it comes from elsewhere when files move, and the code is the same. */
function digestOf(text: string): string {
  const code = text.replaceAll(/^import\s[^;]*;\n/gmu, '');
  return createHash('sha256').update(code).digest('hex').slice(0, 16);
}
