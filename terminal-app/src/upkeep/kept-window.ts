import type { Clock } from '@bianmin/card/clock';
import type { Idleness } from '../policy/idleness.ts';
import { APP_URL } from '../policy/page.ts';
import type { GraphicsMemory } from './graphics-memory.ts';
import type { Leaver } from './leaver.ts';
import { followPage, type Emitter } from './page-events.ts';
import { PageKeeper } from './page-keeper.ts';

/** A window and its page: Electron's browser windows are. */
export interface KeptWindow extends Emitter {
  once(name: string, listener: () => void): unknown;
  show(): void;
  loadURL(url: string): Promise<unknown>;
  readonly webContents: Emitter & { forcefullyCrashRenderer(): void };
}

/**
 * Keeps the kiosk's own page up in this window, which is shown once there is something to show; it is not loaded yet. Where
 * reloading does not help any more, the graphics card is blamed, and the program starts again.
 */
export function keepWindow(
  window: KeptWindow,
  init: {
    readonly clock: Clock;
    readonly log: Record<'warn' | 'error', (about: object, message: string) => void>;
    readonly idle: Pick<Idleness, 'touched'>;
    readonly graphics: Pick<GraphicsMemory, 'software'>;
    readonly blame: (weight: 1 | 2) => void;
    readonly leaver: Pick<Leaver, 'leave'>;
  },
): PageKeeper {
  const { clock, log, idle, graphics, blame, leaver } = init;
  const page = window.webContents;
  const keeper = new PageKeeper({
    clock,
    page: {
      // That it failed is told by the event.
      load: () => void window.loadURL(APP_URL).catch(() => undefined),
      kill: () => {
        page.forcefullyCrashRenderer();
      },
    },
    onGone: (reason) => {
      log.warn({ reason }, 'the page is gone and comes back');
    },
    onLoop: () => {
      log.error({ software: graphics.software }, 'the page does not stay up');
      blame(2);
      void leaver.leave(true);
    },
  });
  window.once('ready-to-show', () => {
    window.show();
  });
  followPage(keeper, { window, page });
  page.on('input-event', () => {
    idle.touched();
  });
  return keeper;
}
