import { vi } from 'vitest';

/** Frames and timers of a page that stand still until a test goes on. */
export interface FakeFrames {
  /** A frame's own callbacks, before it is painted. */
  begin(): void;
  /** A frame, and what follows it. */
  paint(): void;
  /** The real ones again. */
  end(): void;
}

export function fakeFrames(): FakeFrames {
  const frames: (() => void)[] = [];
  vi.useFakeTimers();
  vi.stubGlobal('requestAnimationFrame', (frame: () => void) => frames.push(frame));
  const begin = (): void => {
    for (const frame of frames.splice(0)) frame();
  };
  return {
    begin,
    paint() {
      begin();
      vi.runAllTimers();
    },
    end() {
      vi.unstubAllGlobals();
      vi.useRealTimers();
    },
  };
}
