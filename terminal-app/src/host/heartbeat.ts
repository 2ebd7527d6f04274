import { uptime } from 'node:os';
import process from 'node:process';
import type { Clock } from '@bianmin/card/clock';
import { toStep, VITALS_STEPS, type Heartbeat, type HeartbeatAnswer } from '@bianmin/purchase/api/heartbeat';
import type { SlotSource } from '@bianmin/purchase/purchase/ports';
import type { BeatCounts } from '@bianmin/purchase/terminal/beat-counts';
import { Heartbeats, POWER_WAIT_MS, type Vitals } from '@bianmin/purchase/terminal/heartbeat';
import type { HostStatus } from '../ipc/map.ts';
import { diskRoom } from './disk.ts';
import { HOST_VERSION } from './version.ts';

/** A machine that has been on for so long was not switched on with all the others just now. */
const JUST_ON_S = 600;
const READERS_MAX = 4;
const NAME_MAX = 64;

/** The kiosk's own: its readers, and the room where its journal is. */
export function hostHeartbeats(init: {
  readonly counts: BeatCounts;
  readonly send: (beat: Heartbeat) => Promise<HeartbeatAnswer>;
  readonly slots: Pick<SlotSource, 'slots'>;
  readonly dataDir: string;
  readonly status: () => Pick<HostStatus, 'clock' | 'blocked'>;
  /** What came with an answer, each time there was one. */
  readonly onCommands: (commands: readonly string[]) => void;
  readonly clock: Clock;
  readonly random: () => number;
}): Heartbeats {
  const { counts, slots, dataDir, status, clock, random, onCommands } = init;
  return new Heartbeats({
    send: async (beat) => {
      const answer = await init.send(beat);
      onCommands(answer.commands ?? []);
      return answer;
    },
    vitals: async (): Promise<Vitals> => {
      const disk = await diskRoom(dataDir);
      const { clock: compared, blocked } = status();
      return {
        version: HOST_VERSION,
        ...platformOf(process.platform),
        readers: readersOf(slots),
        blocked,
        ...(disk === null ? {} : { diskFreeMb: toStep(disk.freeMb, VITALS_STEPS.diskFreeMb) }),
        ...(compared === null ? {} : { clockSkewMs: toStep(compared.skewMs, VITALS_STEPS.clockSkewMs) }),
      };
    },
    ...{ counts, clock, random },
    ...(uptime() < JUST_ON_S ? { firstWithinMs: POWER_WAIT_MS } : {}),
  });
}

function platformOf(node: NodeJS.Platform): Pick<Vitals, 'platform'> {
  if (node === 'win32') return { platform: 'windows' };
  return node === 'linux' ? { platform: 'linux' } : {};
}

/** Each once, however many slots it has. */
function readersOf(source: Pick<SlotSource, 'slots'>): string[] {
  const names = source.slots().map(({ name }) => name.replace(/ \(slot \d+\)$/, '').slice(0, NAME_MAX));
  return [...new Set(names)].filter((name) => name !== '').slice(0, READERS_MAX);
}
