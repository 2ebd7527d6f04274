import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DestinationStream } from 'pino';
import type { Clock } from '@bianmin/card/clock';
import type { PurchaseTimings } from '@bianmin/purchase/purchase/timings';
import { loadHostEnvironment } from '../../../terminal-app/src/host/env.ts';
import { startHost } from '../../../terminal-app/src/host/host.ts';
import { createLog } from '../../../terminal-app/src/host/log.ts';
import type { HostBridge } from '../../../terminal-app/src/ipc/map.ts';
import { mergeSlots, openSlots } from '../../../terminal-app/src/host/readers.ts';
import type { OpenSlots } from '../../../terminal-app/src/host/readers.ts';
import type { Stack } from '../../run/dev/stack-contract.ts';
import { Patron } from './drive.ts';
import type { Operator } from '../../run/dev/operator.ts';

/** A kiosk in this process: the real host on a simulated reader of its own, and a person in front of it. */
export interface Kiosk {
  readonly readerId: string;
  readonly patron: Patron;
  /** The host's map, as its screen has it. */
  readonly bridge: HostBridge;
  /** As a restart would: identity and journal stay. The patron's eyes move to the new host. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface KioskInit {
  readonly stack: Pick<Stack, 'urls'>;
  readonly operator: Operator;
  readonly readerId: string;
  /** Every simulated reader that is plugged in; absent: `readerId` alone. */
  readonly readers?: readonly string[];
  readonly timings?: Partial<PurchaseTimings>;
  /** Its data folder, which stays; absent: one that goes with it. */
  readonly dir?: string;
  /** Its machine's clocks; default: this machine's. */
  readonly clock?: Clock;
  readonly logLevel?: string;
  /** Where its log goes; absent: to standard error. */
  readonly logTo?: DestinationStream;
}

export async function openKiosk(init: KioskInit): Promise<Kiosk> {
  const { stack, operator, readerId } = init;
  const dir = init.dir ?? (await mkdtemp(join(tmpdir(), 'bianmin-kiosk-')));
  const env = loadHostEnvironment({
    BIANMIN_SERVER_URL: stack.urls.webUrl,
    BIANMIN_SANDBOX_URL: stack.urls.gridUrl,
    BIANMIN_WALLET_URL: stack.urls.walletUrl,
    BIANMIN_DATA_DIR: dir,
    BIANMIN_READER_ID: readerId,
    BIANMIN_TERMINAL_NAME: readerId,
    BIANMIN_ENROL_CODE: await operator.enrolCode(),
    LOG_LEVEL: init.logLevel ?? 'silent',
  });
  const start = async (): ReturnType<typeof startHost> =>
    startHost({
      env,
      shell: 'none',
      log: createLog(env.LOG_LEVEL, init.logTo),
      ...(init.readers === undefined ? {} : { slots: await slotsOf(stack, init.readers) }),
      ...(init.timings ? { timings: init.timings } : {}),
      ...(init.clock ? { clock: init.clock } : {}),
    });

  let host = await start();
  const patron = new Patron(host.bridge);
  await patron.start();
  return {
    readerId,
    patron,
    get bridge() {
      return host.bridge;
    },
    restart: async () => {
      await host.close();
      host = await start();
      await patron.moveTo(host.bridge);
    },
    close: async () => {
      patron.end();
      await host.close();
      if (init.dir === undefined) await rm(dir, { recursive: true, force: true });
    },
  };
}

async function slotsOf({ urls }: KioskInit['stack'], readers: readonly string[]): Promise<OpenSlots> {
  const open = (readerId: string): Promise<OpenSlots> =>
    openSlots({ sandbox: { url: urls.gridUrl, readerId }, onFault: () => undefined });
  return mergeSlots(await Promise.all(readers.map(open)));
}
