import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { nodeSystem } from '@bianmin/card/cli/node-system';
import { systemClock } from '@bianmin/card/node/system-clock';
import { packSupport } from '@bianmin/purchase/node/support/archive';
import { findingsOf, sentenceOfFinding } from '@bianmin/purchase/node/support/findings';
import { loadHostEnvironment } from '../env.ts';
import { FileJournal } from '../file-journal.ts';
import { collectSupport } from './collect.ts';
import { lastSeenFile } from './last-seen.ts';

/**
 * Writes this kiosk's support archive to a file, beside a running host or without one; gives what is to be said of it. Fails with
 * `HostError` where the environment is not usable, and with the disk's own error: name a file on another disk then.
 */
export async function writeSupport(
  file: string,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const env = loadHostEnvironment(variables);
  const parts = await collectSupport({
    ...{ env, clock: systemClock, system: nodeSystem() },
    journal: new FileJournal(join(env.BIANMIN_DATA_DIR, 'journal')),
    seen: lastSeenFile(env.BIANMIN_DATA_DIR).read(),
  });
  const bytes = packSupport(parts);
  await writeFile(file, bytes, { mode: 0o600 });
  const said = findingsOf(parts).map((finding) => `  ${sentenceOfFinding(finding)}`);
  return [`${resolve(file)}: ${bytes.length} bytes, no secret in it.`, ...said, ''].join('\n');
}
