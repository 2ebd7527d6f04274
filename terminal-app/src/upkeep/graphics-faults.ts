import type { GraphicsMemory } from './graphics-memory.ts';
import type { Emitter } from './page-events.ts';

/** Remembers deaths of the graphics card's process; gives what blames the card for another fault. Never fails. */
export function followGraphics(
  app: Emitter,
  init: {
    readonly graphics: Pick<GraphicsMemory, 'blame'>;
    /** A new start would help. */
    readonly restart: () => void;
    readonly onFault: (where: string, error: unknown) => void;
  },
): (weight: 1 | 2) => void {
  const { graphics, restart, onFault } = init;
  const blame = (weight: 1 | 2): void => {
    try {
      if (graphics.blame(weight)) restart();
    } catch (error) {
      onFault('graphics', error);
    }
  };
  app.on('child-process-gone', (_event: unknown, { type, reason }: { type: string; reason: string }) => {
    if (type === 'GPU' && reason !== 'clean-exit') blame(1);
  });
  return blame;
}
