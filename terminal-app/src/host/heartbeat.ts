import { statfs } from 'node:fs/promises';
import type { ApiClient } from '@bianmin/shared/api/client';
import { heartbeatAnswer } from '@bianmin/shared/api/heartbeat';
import type { Clock } from '@bianmin/shared/clock';
import type { SlotSource } from '@bianmin/shared/purchase/ports';
import type { BeatCounts } from '@bianmin/shared/terminal/beat-counts';
import { Heartbeats, type Vitals } from '@bianmin/shared/terminal/heartbeat';
import { HOST_VERSION } from './version.ts';

const READERS_MAX = 4;
const NAME_MAX = 64;

/** The kiosk's own: its readers, and the room where its journal is. */
export function hostHeartbeats(init: {
  readonly counts: BeatCounts;
  readonly client: Pick<ApiClient, 'post'>;
  readonly slots: Pick<SlotSource, 'slots'>;
  readonly dataDir: string;
  readonly clock: Clock;
  readonly random: () => number;
}): Heartbeats {
  const { counts, client, slots, dataDir, clock, random } = init;
  return new Heartbeats({
    send: (beat) => client.post('/v1/terminal/heartbeat', heartbeatAnswer, beat),
    vitals: async (): Promise<Vitals> => {
      const free = await freeMb(dataDir);
      return {
        version: HOST_VERSION,
        readers: readersOf(slots),
        ...(free === undefined ? {} : { diskFreeMb: free }),
      };
    },
    ...{ counts, clock, random },
  });
}

/** Each once, however many slots it has. */
function readersOf(source: Pick<SlotSource, 'slots'>): string[] {
  const names = source.slots().map(({ name }) => name.replace(/ \(slot \d+\)$/, '').slice(0, NAME_MAX));
  return [...new Set(names)].filter((name) => name !== '').slice(0, READERS_MAX);
}

/** Undefined where the disk does not say: that is no reason to be silent about everything else. */
async function freeMb(folder: string): Promise<number | undefined> {
  const stats = await statfs(folder).catch(() => undefined);
  return stats === undefined ? undefined : Math.floor((stats.bavail * stats.bsize) / 1e6);
}
