import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Clock } from '@bianmin/card/clock';
import type { ReleaseRootAnswer, SignedTimes } from '@bianmin/purchase/api/release-root';
import {
  openNextRoot,
  openRootChain,
  rootOfOneKey,
  type ReleaseRoot,
} from '@bianmin/purchase/node/release-root';
import { TrustError } from '@bianmin/purchase/node/trust-error';
import type { HostEnvironment } from './env.ts';
import type { ServerClock } from './server-clock.ts';

/** Signers' clocks may be so far ahead, ms. */
const AHEAD_MS = 86_400_000;

/** `release-trust.json`: nothing in it is believed that was not signed, but for the moment. */
export const keptTrust = z.strictObject({
  /** The roots after the one that this program was born with. */
  roots: z.array(z.string()),
  /** When the newest document that was believed had been signed, ms since 1970: no clock is before it. */
  seenAt: z.number().min(0),
});
export type KeptTrust = z.infer<typeof keptTrust>;

export interface ReleaseTrustInit {
  /** The root that this program was born with. */
  readonly born: ReleaseRoot;
  /** Asks the server for the roots after a version; undefined: there are none. */
  readonly fetch: (have: number) => Promise<ReleaseRootAnswer | undefined>;
  /** Survives a power cut; see `KeptFile`. */
  readonly file: { read(): KeptTrust | undefined; write(value: KeptTrust): void };
  readonly clock: Pick<Clock, 'now'>;
  readonly serverClock: Pick<ServerClock, 'skewMs'>;
  readonly onFault: (where: string, error: unknown) => void;
}

/**
 * Who may release to this terminal, and whether what they signed is still good. A root follows another only by the signatures
 * of both; the server passes them on and cannot make one.
 */
export class ReleaseTrust {
  readonly #init: ReleaseTrustInit;
  #root: ReleaseRoot;
  #kept: KeptTrust;

  constructor(init: ReleaseTrustInit) {
    this.#init = init;
    this.#root = init.born;
    const kept = init.file.read();
    this.#kept = { roots: [], seenAt: Math.max(kept?.seenAt ?? 0, init.born.issued) };
    // A program that was born with a later root leaves out the earlier ones.
    for (const document of kept?.roots ?? []) this.#follow(document);
  }

  get root(): ReleaseRoot {
    return this.#root;
  }

  /** Takes what follows the root that is kept. Never fails: without a newer root the one that is here goes on. */
  async refresh(): Promise<void> {
    const { fetch, file, onFault } = this.#init;
    try {
      const answer = await fetch(this.#root.version);
      for (const document of answer?.roots ?? []) {
        const root = openNextRoot(document, this.#root);
        const roots = [...this.#kept.roots, document];
        file.write({ ...this.#kept, roots });
        this.#kept = { ...this.#kept, roots };
        this.#root = root;
      }
    } catch (error) {
      onFault('release root', error);
    }
  }

  /**
   * Throws `TrustError` where a document that was verified is not good now: `trust.expired`, `trust.root-expired` by the
   * server's clock; `trust.clock` where this machine's own clock says so alone, or the server's is not known yet.
   */
  requireFresh({ issued, expires }: SignedTimes): void {
    const server = this.#serverNow();
    if (server >= Date.parse(expires)) throw expired('trust.expired', 'It is too old: sign it again.');
    if (server >= this.#root.expires) {
      throw expired('trust.root-expired', 'The root of releases has run out: sign the next one.');
    }
    const latest = Math.max(server, this.#init.clock.now());
    if (latest >= Math.min(Date.parse(expires), this.#root.expires)) {
      throw expired('trust.clock', "This machine's clock is far ahead of the server's: set it.");
    }
    if (Date.parse(issued) > latest + AHEAD_MS) {
      throw expired('trust.clock', 'It was signed in the future: set the clocks, and sign it again.');
    }
    this.#seen(Date.parse(issued));
  }

  /** The server's clock, and never before what was signed already. Throws `trust.clock` while it is not known. */
  #serverNow(): number {
    const { clock, serverClock } = this.#init;
    const { skewMs } = serverClock;
    if (skewMs !== null) return Math.max(clock.now() - skewMs, this.#kept.seenAt);
    throw expired('trust.clock', "The server's clock is not known yet: ask once more.");
  }

  #seen(at: number): void {
    if (at <= this.#kept.seenAt) return;
    this.#kept = { ...this.#kept, seenAt: at };
    this.#init.file.write(this.#kept);
  }

  #follow(document: string): void {
    try {
      this.#root = openNextRoot(document, this.#root);
      this.#kept = { ...this.#kept, roots: [...this.#kept.roots, document] };
    } catch {
      // Before the one that this program was born with, or damaged: the server has it again.
    }
  }
}

/**
 * The root that this terminal was set up with, or its program was born with; undefined where it has neither root nor key, and no
 * release is taken. Throws where one of them is none.
 */
export function bornRoot(
  env: Pick<HostEnvironment, 'BIANMIN_RELEASE_ROOT' | 'BIANMIN_RELEASE_KEY'>,
): ReleaseRoot | undefined {
  const { BIANMIN_RELEASE_ROOT: file, BIANMIN_RELEASE_KEY: key } = env;
  if (file !== undefined) return openRootChain(readFileSync(file, 'utf8')).root;
  return key === undefined ? undefined : rootOfOneKey(key);
}

function expired(code: 'trust.expired' | 'trust.root-expired' | 'trust.clock', message: string): TrustError {
  return new TrustError({ code, message });
}
