import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AcceptingIo } from '@bianmin/card/cli/accept/accepting-io';

const ROOT = join(import.meta.dirname, '../../..');
/** Two programs that load TypeScript, on a machine that is busy with others. */
const LIMIT_MS = 240_000;
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bianmin-accept-'));
});
afterAll(() => rm(folder, { recursive: true }));

function accept(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const argv = ['--import', 'tsx', 'build/judge/accept/main.ts', ...args];
    const child = execFile(process.execPath, argv, { cwd: ROOT }, (_, out, err) => {
      resolve({ code: child.exitCode ?? -1, out, err });
    });
  });
}

it(
  'a report of the tool is opened, compared and believed only as it was signed',
  async () => {
    const io = new AcceptingIo('SLE4442');
    expect((await io.visit('accept r.json')).code).toBe(0);
    const text = io.saved.get('r.json') ?? '';
    const [good, changed] = [join(folder, 'good.json'), join(folder, 'changed.json')];
    await writeFile(good, text);
    await writeFile(changed, text.replace('"SLE4442"', '"SLE4428"'));
    const [told, refused] = await Promise.all([accept(good, '--json'), accept(changed)]);
    expect({ ...told, out: JSON.parse(told.out) as unknown }).toMatchObject({
      code: 0,
      out: { real: false, verdicts: [], differs: [], fixture: null },
    });
    expect([refused.code, refused.out]).toEqual([2, '']);
    expect(refused.err).toContain('signature');
  },
  LIMIT_MS,
);
