import { connect, type Socket } from 'node:net';
import { systemClock } from '../../node/system-clock.ts';

/** Connects as soon as a process listens there. */
export async function answeringSocket(
  to: { path: string } | { port: number; host: string },
  init: { readonly who: string; readonly withinMs: number },
): Promise<Socket> {
  const end = systemClock.monotonic() + init.withinMs;
  for (;;) {
    const socket = connect({ ...to, noDelay: true });
    const connected = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => {
        resolve(true);
      });
      socket.once('error', () => {
        resolve(false);
      });
    });
    if (connected) return socket;
    if (systemClock.monotonic() > end) {
      throw new Error(`${init.who} did not answer within ${init.withinMs / 1000} s.`);
    }
    await systemClock.sleep(20);
  }
}
