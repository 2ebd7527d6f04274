import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findCommand } from '../../bootstrap/machine.mjs';
import { cacheFolder } from '../../kit/process/cache.ts';
import { runToEnd } from '../../kit/process/run-to-end.ts';

const VERSION = 'v0.316.0';
const MODULE = `github.com/prometheus/prometheus/cmd/promtool@${VERSION}`;
const FOLDER = cacheFolder('promtool', VERSION);

/** Where promtool is, undefined where it is not built yet. */
export function findPromtool(): string | undefined {
  const kept = join(FOLDER, 'promtool');
  return existsSync(kept) ? kept : findCommand('promtool');
}

/** promtool at the pinned version, built into the user's cache by Go: seven minutes of one core, once. */
export async function ensurePromtool(report: (line: string) => void): Promise<string> {
  const found = findPromtool();
  if (found !== undefined) return found;
  const go = findCommand('go');
  if (go === undefined) throw new Error('There is no Go to build promtool. Install Go, or promtool itself.');
  report(`Building promtool ${VERSION} (once, several minutes)`);
  await mkdir(FOLDER, { recursive: true });
  const { code, output } = await runToEnd('env', [`GOBIN=${FOLDER}`, go, 'install', MODULE]);
  if (code !== 0)
    throw new Error(`promtool could not be built:\n${output.trimEnd().split('\n').slice(-15).join('\n')}`);
  return join(FOLDER, 'promtool');
}
