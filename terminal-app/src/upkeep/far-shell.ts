import type { Idleness } from '../policy/idleness.ts';
import type { Leaver } from './leaver.ts';

/** Pixels; the screen has 1920 or more. */
const PICTURE = { width: 960 } as const;
/** Of 100. */
const QUALITY = 60;

/** What can be pictured: Electron's web contents are. */
export interface Pictured {
  capturePage(): Promise<{ resize(to: { width: number }): { toJPEG(quality: number): Uint8Array } }>;
}

/** What Electron's shell does for a command from afar. `page` is asked when it is needed: it comes after the host. */
export function farShell(init: {
  readonly idle: Pick<Idleness, 'ms'>;
  readonly leaver: Pick<Leaver, 'leave'>;
  readonly page: () => Pictured;
}) {
  return {
    idleMs: (): number => init.idle.ms,
    restart: (): void => void init.leaver.leave(true),
    picture: async (): Promise<Uint8Array> =>
      (await init.page().capturePage()).resize(PICTURE).toJPEG(QUALITY),
  };
}
