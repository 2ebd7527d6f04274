import type { HostBridge } from '../ipc/map.ts';

/** How often the page says that it paints, ms; the shell gives a silent page up after four times that. */
export const BEAT_MS = 5_000;

/** What the heartbeat needs of the page. */
export interface Beat {
  /** Calls back when the next picture is about to be drawn. */
  frame(callback: () => void): void;
  every(ms: number, callback: () => void): void;
}

/** Tells the host again and again that pictures reach the screen: two frames, since the first may never be shown. */
export function startHeartbeat(bridge: Pick<HostBridge, 'call'>, beat: Beat): void {
  const say = (): void => {
    beat.frame(() => {
      beat.frame(() => {
        bridge.call('page.painted', null).catch(() => undefined);
      });
    });
  };
  say();
  beat.every(BEAT_MS, say);
}
