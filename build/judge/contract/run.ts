import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runToEnd } from '../../kit/process/run-to-end.ts';
import type { Known } from './known.ts';
import { contractReport, type ContractReport } from './report.ts';
import { settingsOf } from './settings.ts';

export interface ContractRun {
  readonly report: ContractReport;
  /** What schemathesis says of its findings, each with the request that repeats it. */
  readonly said: string;
}

/** Runs schemathesis on the server's own document; its requests go to `url`, one after the other, so that they repeat. */
export async function runSchemathesis(init: {
  program: string;
  document: string;
  url: string;
  known: readonly Known[];
  seed: number;
  examples: number;
  /** Which operations are tried, as schemathesis' own options. */
  which: readonly string[];
}): Promise<ContractRun> {
  const { program, document, url, known, seed, examples, which } = init;
  const dir = await mkdtemp(join(tmpdir(), 'bianmin-contract-'));
  try {
    const settings = join(dir, 'schemathesis.toml');
    const base = await readFile(join(import.meta.dirname, 'schemathesis.toml'), 'utf8');
    await writeFile(settings, settingsOf(base, known));
    const report = join(dir, 'report.json');
    const args = [
      ...['--config-file', settings, '--no-color', 'run', document, '--url', url],
      ...['--seed', String(seed), '--max-examples', String(examples), '--report-json-path', report],
      ...which,
    ];
    // It keeps what failed beside where it runs, and would begin with that the next time.
    const { output } = await runToEnd(program, args, { cwd: dir });
    const text = await readFile(report, 'utf8').catch(() => undefined);
    if (text === undefined) throw new Error(`schemathesis did not run:\n${output.slice(-4000)}`);
    return { report: contractReport.parse(JSON.parse(text)), said: findings(output) };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** A long line is a body or a trace. */
const LINE_MOST = 1000;
const LINES_MOST = 400;

function findings(output: string): string {
  const lines = output.split('\n');
  const from = lines.findIndex((line) => /^=+ (?:ERRORS|FAILURES) =+$/u.test(line));
  const to = lines.findIndex((line) => /^=+ (?:WARNINGS|SUMMARY) =+$/u.test(line));
  if (from < 0) return '';
  return lines
    .slice(from, to < 0 ? undefined : to)
    .map((line) => line.slice(0, LINE_MOST))
    .slice(0, LINES_MOST)
    .join('\n');
}
