import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { filesOf } from './files.ts';
import { FOLDERS } from './folders.ts';
import { againRecord, changedIn, fileRecord, mutantsOf, withFiles, type MutationRecord } from './record.ts';
import { scoreOf, survivorsOf, uselessOf, type Mutant } from './score.ts';
import type { Equivalent } from './equivalent.ts';

const mutant = (status: string, over: Partial<Mutant> = {}): Mutant => ({
  ...{ file: 'a.ts', at: '1:0-1:4', mutator: 'BooleanLiteral', was: 'true', becomes: 'false', status },
  ...over,
});
const known: Equivalent = {
  ...{ file: 'a.ts', mutator: 'ConditionalExpression', was: 'a > 0', becomes: 'true' },
  why: 'It never is less.',
};
const same = { mutator: known.mutator, was: known.was, becomes: known.becomes };

describe('the score of a folder', () => {
  it('is what was noticed of what could be: a test that fails or does not end', () => {
    const mutants = [
      ...[mutant('Killed'), mutant('Timeout'), mutant('Killed')],
      ...[mutant('Survived'), mutant('NoCoverage'), mutant('RuntimeError')],
    ];
    expect(scoreOf('x', mutants, [])).toEqual({
      ...{ mutate: 'x', killed: 3, survived: 2, equivalent: 0, score: 60 },
    });
  });

  it('leaves out what is called equivalent, and nothing else', () => {
    const mutants = [
      mutant('Killed'),
      mutant('Survived', same),
      mutant('Survived', { ...same, file: 'b.ts' }),
    ];
    expect(scoreOf('x', mutants, [known])).toMatchObject({
      killed: 1,
      survived: 1,
      equivalent: 1,
      score: 50,
    });
    expect(survivorsOf(mutants, [known]).map(({ file }) => file)).toEqual(['b.ts']);
  });

  it('tells what is called equivalent and is noticed by now, or gone, of the files that were tried', () => {
    expect(uselessOf([mutant('Survived', same)], [known])).toEqual([]);
    expect(uselessOf([mutant('Killed', same)], [known])).toEqual([known]);
    expect(uselessOf([mutant('Survived')], [known])).toEqual([known]);
    expect(uselessOf([mutant('Survived', { file: 'b.ts' })], [known])).toEqual([]);
  });
});

describe('what is made wrong', () => {
  it('is every file of each folder but its tests', async () => {
    for (const folder of FOLDERS) {
      const files = await filesOf(folder, {});
      expect(files.length, folder.name).toBeGreaterThan(0);
      expect(files.filter((file) => !file.endsWith('.ts') || file.endsWith('.test.ts'))).toEqual([]);
    }
    const books = FOLDERS.find(({ name }) => name === 'server/money/reconcile');
    expect(await filesOf(books ?? { files: [] }, {})).toContain(
      'server/src/money/reconcile/engine/engine.ts',
    );
  });

  it('may be some of them', async () => {
    const files = ['server/src/money/discount'];
    expect(await filesOf({ files }, { only: 'rule.ts' })).toEqual(['server/src/money/discount/rule.ts']);
    expect((await filesOf({ files }, { since: 'HEAD' })).length).toBeLessThan(
      (await filesOf({ files }, {})).length,
    );
  });
});

describe('the record of what was tried', () => {
  const mutants = [mutant('Killed'), mutant('Timeout'), mutant('Survived'), mutant('RuntimeError')];
  const kept = fileRecord('a.ts', 'text', [...mutants, mutant('Survived', { file: 'b.ts' })]);

  it('scores as the run did', () => {
    expect(scoreOf('x', mutantsOf([kept], ['a.ts']), [])).toEqual(scoreOf('x', mutants, []));
    expect(mutantsOf([kept], ['b.ts'])).toEqual([]);
  });

  it('has what was tried again as noticed once a test notices it', () => {
    const [first, second] = [mutant('Survived'), mutant('Survived', { at: '9:2-9:6' })];
    const before = fileRecord('a.ts', 'text', [mutant('Killed', { at: '3:0-3:4' }), first, second]);
    const again = againRecord(before, [{ ...second, status: 'Killed' }, first]);
    expect(again).toEqual({ ...before, killed: 2, unnoticed: before.unnoticed.slice(0, 1) });
    expect(againRecord(again, [])).toEqual(again);
  });

  it('has the last run of each file, and none of a file that is gone', () => {
    const old: MutationRecord = [
      { ...kept, killed: 0 },
      { ...kept, file: 'gone.ts' },
    ];
    const next = withFiles(old, [{ ...kept, file: 'b.ts' }, kept], (file) => file !== 'gone.ts');
    expect(next.map(({ file, killed }) => [file, killed])).toEqual([
      ['a.ts', 2],
      ['b.ts', 2],
    ]);
  });

  it('knows a file that changed since by its code, wherever that imports from', async () => {
    const file = 'build/test/mutate/score.ts';
    const now = fileRecord(file, await readFile(file, 'utf8'), []);
    expect(await changedIn([now], [file])).toEqual([]);
    expect(await changedIn([fileRecord(file, '', [])], [file])).toEqual([file]);
    expect(await changedIn([], [file])).toEqual([file]);
    const moved = (await readFile(file, 'utf8')).replace("'./equivalent.ts'", "'../elsewhere.ts'");
    expect(await changedIn([fileRecord(file, moved, [])], [file])).toEqual([]);
  });
});
