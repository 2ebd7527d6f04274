import { freePort } from '@bianmin/card/node/free-port';
import { ANY_PORTS, type StackPorts } from '../ports.ts';

/** Where browsers go: Vite's servers, with the stack's own behind them. */
interface FrontPorts {
  /** Console, phone pages, portal, and everything else of the web process. */
  readonly pages: number;
  readonly kiosk: number;
  readonly tv: number;
}

/** The parts that take a debugger. */
export const INSPECTED = ['web', 'worker', 'kiosk', 'tv'] as const;
type InspectPorts = Readonly<Record<(typeof INSPECTED)[number], number>>;

export interface LivePorts {
  readonly front: FrontPorts;
  /** Of the stack, which looks for itself whether they are free. */
  readonly stack: StackPorts;
  readonly inspect: InspectPorts;
}

/** All from one number on, so that addresses can be remembered. */
export async function livePorts(base: number): Promise<LivePorts> {
  return {
    front: {
      pages: await freePort(base),
      kiosk: await freePort(base + 1),
      tv: await freePort(base + 2),
    },
    stack: {
      ...ANY_PORTS,
      web: base + 5,
      grid: base + 6,
      wallet: base + 7,
      gridString: base + 8,
      kiosk: base + 9,
      tv: base + 10,
    },
    inspect: {
      web: await freePort(base + 15),
      worker: await freePort(base + 16),
      kiosk: await freePort(base + 17),
      tv: await freePort(base + 18),
    },
  };
}
