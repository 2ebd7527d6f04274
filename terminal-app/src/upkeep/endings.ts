import type { Leaver } from './leaver.ts';
import type { Emitter } from './page-events.ts';

/** Leaves when the program is to end, or met an uncaught error. */
export function endWith(
  leaver: Pick<Leaver, 'isClosed' | 'leave'>,
  of: {
    readonly app: Emitter;
    readonly process: Emitter;
    readonly log: { fatal(about: { err: unknown }, message: string): void };
  },
): void {
  const { app, process, log } = of;
  // Electron would show a dialog in front of everything.
  process.on('uncaughtException', (error: unknown) => {
    log.fatal({ err: error }, 'an error that nobody took');
    void leaver.leave(true);
  });
  app.on('window-all-closed', () => void leaver.leave(false));
  app.on('before-quit', (event: { preventDefault(): void }) => {
    if (leaver.isClosed) return;
    event.preventDefault();
    void leaver.leave(false);
  });
}
