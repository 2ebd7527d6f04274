import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { runToEnd } from '../kit/process/run-to-end.ts';
import { sayEnd } from './checks.ts';
import { CPU_FOLDER, readCpu } from './cpu.ts';
import { say } from './say.ts';
import { tallyVitest, vitestReport, type FileTally, type Tally } from '../kit/tally.ts';

const ROOT = join(import.meta.dirname, '../..');
/** A run that says nothing for so long hangs: no file of tests takes half of it, with four times the work beside it. */
const SILENT_MS = 12 * 60_000;

export interface Suite {
  readonly name: string;
  /** What to hand to `vitest run`: files, `--config …`, `--project …`. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs tests with their output shown as it comes, and counts them, all and by file. One that falls silent is ended, and has failed. */
export async function runSuite(suite: Suite, silentMs = SILENT_MS): Promise<Tally> {
  const dir = await mkdtemp(join(tmpdir(), 'bianmin-report-'));
  const report = join(dir, 'vitest.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const silence = new AbortController();
  const hangs = (): void => {
    say(`${suite.name} said nothing for ${Math.round(silentMs / 60_000)} minutes and is ended.\n`);
    silence.abort();
  };
  const timer = setTimeout(hangs, silentMs);
  try {
    const { code, ms } = await runToEnd(
      process.execPath,
      [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', ...reporters, ...suite.args],
      {
        cwd: ROOT,
        env: { ...process.env, ...suite.env, [CPU_FOLDER]: dir },
        signal: silence.signal,
        onOutput: (text) => {
          timer.refresh();
          say(text);
        },
      },
    );
    sayEnd(suite.name, code === 0, ms);
    const text = await readFile(report, 'utf8').catch(() => null);
    const tally = tallyVitest({ name: suite.name, report: text, code, ms });
    if (text === null) return { ...tally, files: [], failures: [`${suite.name}: there is no report`] };
    return { ...tally, files: await filesOf(text, dir), failures: failuresOf(text) };
  } finally {
    clearTimeout(timer);
    await rm(dir, { recursive: true, force: true });
  }
}

async function filesOf(report: string, dir: string): Promise<readonly FileTally[]> {
  const cpu = await readCpu(dir);
  return vitestReport.parse(JSON.parse(report)).testResults.map((file) => {
    const name = relative(ROOT, file.name);
    const count = (status: string): number =>
      file.assertionResults.filter((result) => result.status === status).length;
    return {
      name,
      seconds: Math.max(0, file.endTime - file.startTime) / 1000,
      cpuSeconds: cpu.get(name) ?? null,
      passed: count('passed'),
      // A file that could not be loaded has no test that failed.
      failed: file.status === 'failed' ? Math.max(count('failed'), 1) : count('failed'),
    };
  });
}

/** A line for each test that failed, and for each file that could not be loaded. */
function failuresOf(report: string): readonly string[] {
  return vitestReport.parse(JSON.parse(report)).testResults.flatMap((file) => {
    const name = relative(ROOT, file.name);
    const tests = file.assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => `${fullName}: ${firstLine(failureMessages?.[0] ?? '')}`);
    const whole = file.status === 'failed' && tests.length === 0 ? [firstLine(file.message)] : tests;
    return whole.map((what) => `${name}: ${what}`);
  });
}

function firstLine(text: string): string {
  return stripVTControlCharacters(text).split('\n', 1)[0] ?? '';
}
