import { arch, platform } from 'node:os';
import process from 'node:process';
import type { Clock } from '@bianmin/card/clock';
import type { Journal } from '@bianmin/card/meter-card/journal';
import { diagnostics, type Diagnostics } from '@bianmin/purchase/api/diagnostics';
import type { SlotSource } from '@bianmin/purchase/purchase/ports';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import type { HostStatus } from '../ipc/map.ts';
import { diskRoom } from './disk.ts';
import type { FaultRing } from './fault-ring.ts';
import type { LinkFacts } from './link-facts.ts';

export interface MachineInit {
  readonly clock: Clock;
  readonly fingerprint: string;
  readonly dataDir: string;
  readonly status: () => Pick<HostStatus, 'terminalId' | 'version' | 'server' | 'clock'>;
  readonly view: () => PurchaseView;
  readonly slots: Pick<SlotSource, 'slots'>;
  readonly lastChip: (slot: string) => string | null;
  readonly journal: Pick<Journal, 'list'>;
  readonly link: () => LinkFacts;
  readonly faults: Pick<FaultRing, 'faults'>;
}

/** How this machine is. Made of what is named here and nothing else, and held to the schema: it leaves the machine. */
export class Machine {
  readonly #init: MachineInit;
  readonly #began: number;

  constructor(init: MachineInit) {
    this.#init = init;
    this.#began = init.clock.monotonic();
  }

  async look(): Promise<Diagnostics> {
    const { clock, fingerprint, status, view, faults } = this.#init;
    const [readers, disk, journal] = await Promise.all([
      this.#readers(),
      diskRoom(this.#init.dataDir),
      this.#journal(),
    ]);
    const { terminalId, version, server, clock: compared } = status();
    const { lastAnswerAt, roundTripMs } = this.#init.link();
    const shown = view();
    return diagnostics.parse({
      at: new Date(clock.now()).toISOString(),
      ...{ fingerprint, terminalId, readers, disk, journal },
      versions: {
        app: version,
        node: process.version,
        electron: process.versions['electron'] ?? null,
        chromium: process.versions['chrome'] ?? null,
        system: `${platform()} ${arch()}`,
      },
      uptimeS: Math.max(0, Math.floor((clock.monotonic() - this.#began) / 1000)),
      server: {
        ...{ link: server, roundTripMs },
        skewMs: compared === null ? null : Math.round(compared.skewMs),
        lastAnswerAt: lastAnswerAt === null ? null : new Date(lastAnswerAt).toISOString(),
      },
      screen: {
        name: shown.screen,
        problem: shown.screen === 'problem' ? shown.staffCode.replace(/[^\w.:-]/gu, '').slice(0, 64) : null,
      },
      faults: [...faults.faults],
    });
  }

  async #readers(): Promise<Diagnostics['readers']> {
    const { slots, lastChip } = this.#init;
    return Promise.all(
      slots
        .slots()
        .slice(0, 8)
        .map(async (slot) => {
          const present = await slot.present().catch(() => undefined);
          return {
            // A maker's name for its product.
            name: slot.name.replace(/[^\w ().,/-]/gu, '').slice(0, 64),
            card: present === undefined ? 'unknown' : present ? 'in' : 'none',
            lastChip: lastChip(slot.name),
          } as const;
        }),
    );
  }

  async #journal(): Promise<Diagnostics['journal']> {
    try {
      const entries = await this.#init.journal.list();
      const wanted = entries.filter(({ told }) => told !== true);
      const ended = wanted.filter(({ phase }) => phase === 'written' || phase === 'failed');
      return { entries: wanted.length, undelivered: ended.length };
    } catch {
      return null;
    }
  }
}
