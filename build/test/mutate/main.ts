import { readFile, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { failUsage, readOptions } from '@bianmin/purchase/node/cli-options';
import { printRows } from '../../kit/table.ts';
import { filesOf } from './files.ts';
import { EQUIVALENT } from './equivalent.ts';
import { FOLDERS, LEAST_SCORE, MOST_EQUIVALENT, type MutateFolder } from './folders.ts';
import {
  againRecord,
  changedIn,
  fileRecord,
  mutantsOf,
  readRecord,
  RECORD_PATH,
  withFiles,
  writeRecord,
  type MutationRecord,
} from './record.ts';
import { placeOf, scoreOf, survivorsOf, uselessOf, type FolderScore, type Mutant } from './score.ts';
import { tryFolder } from './try-folder.ts';

const USAGE = `Usage: npm run mutate -- [FOLDER…] [OPTION…]
Makes the code wrong, one place at a time, and looks whether a test fails. Without a folder all of them:
${FOLDERS.map(({ name }) => `  ${name}`).join('\n')}
  --only TEXT       only files whose path has it
  --since COMMIT    only files that changed since
  --changed         tries only files that are not as they were when they were tried last, and counts all
  --unnoticed       of those that are as they were, tries again what no test had noticed
  --survivors FILE  writes there, a line each, what no test noticed
  --record FILE     keeps there what became of each file, and not in build/test/mutate/record.json
  --json            a row a line, for programs
Ends with 1 where fewer than ${LEAST_SCORE} % of a folder were noticed, or more than ${MOST_EQUIVALENT} % are called equivalent.
`;
const { values, positionals } = readOptions({
  usage: USAGE,
  words: FOLDERS.length,
  options: {
    only: { type: 'string' },
    since: { type: 'string' },
    changed: { type: 'boolean', default: false },
    unnoticed: { type: 'boolean', default: false },
    survivors: { type: 'string' },
    record: { type: 'string', default: RECORD_PATH },
    json: { type: 'boolean', default: false },
  },
});
const unknown = positionals.filter((name) => !FOLDERS.some((folder) => folder.name === name));
if (unknown.length > 0) failUsage(USAGE, `There is no folder ${unknown.join(', ')}.`);
const wanted = FOLDERS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const report = (line: string): void => void process.stderr.write(`${line}\n`);

const rows: FolderScore[] = [];
const survivors: string[] = [];
let record = readRecord(values.record);
let isGood = true;
for (const folder of wanted) {
  const files = await filesOf(folder, values);
  const tried = values.changed || values.unnoticed ? await changedIn(record, files) : files;
  if (tried.length > 0) record = await withTried(folder, tried);
  if (values.unnoticed) record = await withTriedAgain(folder, without(files, tried));
  if (files.length > 0) isGood = judged(folder, mutantsOf(record, files)) && isGood;
}
printRows(rows, values.json);
if (values.survivors !== undefined)
  await writeFile(values.survivors, survivors.map((line) => `${line}\n`).join(''));
process.exitCode = isGood ? 0 : 1;

/** Kept after each folder: a run that is ended early has not been for nothing. */
async function withTried(folder: MutateFolder, files: readonly string[]): Promise<MutationRecord> {
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  const mutants = await tryFolder(folder, files);
  const now = withFiles(
    record,
    files.map((file, n) => fileRecord(file, texts[n] ?? '', mutants)),
  );
  writeRecord(values.record, now);
  return now;
}

/** After tests were written for what none had noticed. */
async function withTriedAgain(folder: MutateFolder, files: readonly string[]): Promise<MutationRecord> {
  const before = record.filter(({ file, unnoticed }) => files.includes(file) && unnoticed.length > 0);
  const places = before.flatMap(({ file, unnoticed }) => unnoticed.map(({ at }) => placeOf({ file, at })));
  const mutants = await tryFolder(folder, [...new Set(places)]);
  const now = withFiles(
    record,
    before.map((each) => againRecord(each, mutants)),
  );
  writeRecord(values.record, now);
  return now;
}

function without(all: readonly string[], some: readonly string[]): string[] {
  return all.filter((each) => !some.includes(each));
}

function judged(folder: MutateFolder, mutants: readonly Mutant[]): boolean {
  const row = scoreOf(folder.name, mutants, EQUIVALENT);
  rows.push(row);
  const lines = survivorsOf(mutants, EQUIVALENT).map(told);
  survivors.push(...lines);
  for (const line of lines) report(line);
  const useless = uselessOf(mutants, EQUIVALENT);
  for (const { file, was, becomes } of useless)
    report(`${file}: "${was}" to "${becomes}" is called equivalent, and a test notices it, or it is gone.`);
  const tried = row.killed + row.survived + row.equivalent;
  return (
    row.score >= LEAST_SCORE && row.equivalent <= (tried * MOST_EQUIVALENT) / 100 && useless.length === 0
  );
}

/** One survivor, on one line. */
function told({ file, at, mutator, was, becomes, status }: Mutant): string {
  const flat = (text: string): string => text.replaceAll(/\s+/gu, ' ').slice(0, 160);
  return `${file}:${at.split('-')[0] ?? at}  ${mutator}  ${flat(was)}  →  ${flat(becomes)}${status === 'NoCoverage' ? '  (no test comes here)' : ''}`;
}
