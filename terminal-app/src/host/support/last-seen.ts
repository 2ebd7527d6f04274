import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '@bianmin/card/clock';
import { diagnostics, type Diagnostics } from '@bianmin/purchase/api/diagnostics';
import { SUPPORT_LOG_LINES } from '@bianmin/purchase/api/support';
import { supportLog } from '@bianmin/purchase/node/support/log-lines';
import { KeptFile } from '../../files/kept-file.ts';

const EVERY_MS = 60_000;

const lastSeen = z.object({ machine: diagnostics, log: z.array(z.string()) });
export type LastSeen = z.infer<typeof lastSeen>;

/** Where the running host leaves what it knows, for the command that makes an archive beside it or after its end. */
export function lastSeenFile(dataDir: string): KeptFile<LastSeen> {
  return new KeptFile(join(dataDir, 'last-seen.json'), lastSeen);
}

export interface LastSeenInit {
  readonly dataDir: string;
  readonly machine: { look(): Promise<Diagnostics> };
  readonly log: { readonly lines: readonly string[] };
  readonly secrets: readonly string[];
  readonly clock: Clock;
}

/**
 * Writes it down, as it may leave the machine, once a minute where the log went on, and at the end. What the disk refuses is not kept:
 * an archive says by itself that a disk refuses.
 */
export function keepLastSeen(init: LastSeenInit): () => Promise<void> {
  const stopping = new AbortController();
  const running = run(init, stopping.signal);
  return async () => {
    stopping.abort(new Error('The host ends.'));
    await running;
  };
}

async function run(
  { dataDir, machine, log, secrets, clock }: LastSeenInit,
  signal: AbortSignal,
): Promise<void> {
  const file = lastSeenFile(dataDir);
  let kept: string | undefined;
  for (;;) {
    await clock.sleep(EVERY_MS, signal).catch(() => undefined);
    const { lines } = log;
    if (lines.at(-1) !== kept) {
      kept = lines.at(-1);
      try {
        file.write({
          machine: await machine.look(),
          log: supportLog(lines, { most: SUPPORT_LOG_LINES, secrets }),
        });
      } catch {
        // Said above.
      }
    }
    if (signal.aborted) return;
  }
}
