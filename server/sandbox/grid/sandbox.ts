import type { Clock } from '@bianmin/card/clock';
import { systemClock } from '@bianmin/card/node/system-clock';
import type { ListenerInit } from '@bianmin/purchase/node/listener';
import { createSockets } from '@bianmin/purchase/node/listener-sockets';
import { NOT_FOUND, refuseSocket } from '@bianmin/purchase/node/refusal';
import type { WebSocketServer } from 'ws';
import { CollectEndpoint, type CollectInit } from './collect/endpoint.ts';
import { GridFaults } from './collect/faults.ts';
import { Sessions } from './collect/sessions.ts';
import { Doors } from './doors.ts';
import { route } from './http.ts';
import type { GridKeys } from './keys.ts';
import { Platform } from './platform/operations.ts';
import { SaleRequests } from './sale-requests.ts';
import { ReaderWorld } from './world/readers.ts';
import { simulatedReader } from './world/simulated-reader.ts';
import { StateFile } from './world/state-file.ts';
import { World } from './world/world.ts';

export interface GridSandboxOptions {
  /** From `gridKeysFrom(makeGridKeys().sandbox)`. */
  readonly keys: GridKeys;
  readonly host?: string;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Keeps the world between runs. */
  readonly stateFile?: string;
  /** Readers and chips take the time that real ones take. */
  readonly realTime?: boolean;
  readonly clock?: Clock;
  /** Life of session keys, ms. */
  readonly sessionMs?: number;
  /** ms by which clocks may differ. */
  readonly windowMs?: number;
  /** The chips' challenges and torn bits; random unless a test says otherwise. */
  readonly seed?: () => number;
}

export interface GridSandbox {
  /** Of the page and of `/world`, no trailing slash. */
  readonly url: string;
  /** `GRID_URL` for the server: `<url>/collect`. */
  readonly collectUrl: string;
  readonly world: World;
  readonly readers: ReaderWorld;
  readonly faults: GridFaults;
  /**
   * By order: how many messages over `/collect` asked to sell it since the deposit was last said not to pay for it; more than one
   * where the caller sells again what may have been sold.
   */
  readonly saleRequests: ReadonlyMap<string, number>;
  /**
   * As if its process were killed: every connection ends, what was being done may be done and its answer is lost, and
   * sessions are forgotten; the books stay, as a grid's do. Gives what brings it back, at the same address.
   */
  die(): Promise<() => Promise<void>>;
  /** As if its process stood still: who asks waits. Gives what lets it go on. */
  standStill(): () => void;
  /** Saves the world, drops every connection, frees the port. */
  close(): Promise<void>;
}

const HOUR_MS = 3_600_000;

/** Starts a grid with its households, meters, cards and readers. */
export async function createGridSandbox(options: GridSandboxOptions): Promise<GridSandbox> {
  const { keys, host = '127.0.0.1', port = 0, stateFile, clock = systemClock } = options;
  const now = (): number => clock.now();
  const stored = stateFile === undefined ? undefined : StateFile.load(stateFile);
  const world = new World({
    now,
    ...(stored === undefined ? {} : { stored }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
  });
  const file = stateFile === undefined ? undefined : new StateFile(stateFile, () => world.stored());
  world.onChange = () => file?.changed();
  const readers = new ReaderWorld({
    drawer: world.drawer,
    make: simulatedReader({ realTime: options.realTime ?? false, clock }),
    onChange: () => world.onChange(),
  });
  const faults = new GridFaults();
  const platform = new Platform(world.books());
  const sessions = new Sessions(
    keys,
    { lifeMs: options.sessionMs ?? HOUR_MS, windowMs: options.windowMs ?? 120_000 },
    now,
  );
  const saleRequests = new SaleRequests();
  const collect = new CollectEndpoint({
    sessions,
    faults,
    now,
    sleep: (ms) => clock.sleep(ms),
    ...atWork(world, platform, saleRequests),
  });

  const parts = { world, readers, faults, collect };
  const sockets = createSockets(65_536);
  const doors = new Doors({
    answer: (request, response, path) => route(parts, request, { response, path }),
    upgrade: upgradeTo(sockets, readers),
  });
  const url = await doors.open({ port, host });
  const own = Number(new URL(url).port);

  return {
    url,
    collectUrl: `${url}/collect`,
    world,
    readers,
    faults,
    saleRequests: saleRequests.counts,
    async die() {
      await doors.close();
      sessions.forget();
      return async () => void (await doors.open({ port: own, host }));
    },
    standStill: () => doors.standStill(),
    async close() {
      faults.clear();
      readers.close();
      for (const client of sockets.clients) client.terminate();
      file?.save();
      await doors.close();
    },
  };
}

/** What a message over `/collect` does to the world. */
function atWork(
  world: World,
  platform: Platform,
  requests: SaleRequests,
): Pick<CollectInit, 'operate' | 'heard' | 'lost' | 'cutDay'> {
  return {
    operate(operation, request) {
      try {
        const answer = platform.operate(operation, request);
        requests.answered(operation, request, answer);
        return answer;
      } finally {
        world.onChange();
      }
    },
    heard: (operation, request) => requests.heard(operation, request),
    lost: (operation, request) => requests.lost(operation, request),
    cutDay: () => void world.cutDay(),
  };
}

/** `/world/readers/<id>/usb`: a reader is plugged into one host at a time. */
function upgradeTo(sockets: WebSocketServer, readers: ReaderWorld): Required<ListenerInit>['upgrade'] {
  return (request, socket, head, path) => {
    const id = /^\/world\/readers\/([\w-]{1,40})\/usb$/.exec(path)?.[1];
    if (id === undefined) refuseSocket(socket, NOT_FOUND);
    else if (readers.connected(id)) {
      socket.end('HTTP/1.1 409 Conflict\r\ncontent-length: 0\r\nconnection: close\r\n\r\n', () =>
        socket.destroy(),
      );
    } else sockets.handleUpgrade(request, socket, head, (client) => readers.attach(id, client));
  };
}
