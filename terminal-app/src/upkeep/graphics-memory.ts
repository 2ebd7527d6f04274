import { join } from 'node:path';
import type { Clock } from '@bianmin/card/clock';
import { drawsInSoftware, graphicsRecord, withFault } from '../policy/graphics.ts';
import { KeptFile } from '../files/kept-file.ts';

/** What this machine remembers of its graphics card: `graphics.json` in the data folder. */
export class GraphicsMemory {
  /** Whether this start draws without the card; told before Electron is ready, and the same until the next start. */
  readonly software: boolean;
  readonly #file: KeptFile<ReturnType<typeof graphicsRecord.parse>>;
  readonly #version: string;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(init: {
    readonly dataDir: string;
    readonly version: string;
    readonly clock: Pick<Clock, 'now'>;
  }) {
    this.#file = new KeptFile(join(init.dataDir, 'graphics.json'), graphicsRecord);
    this.#version = init.version;
    this.#clock = init.clock;
    this.software = this.#wantsSoftware();
  }

  /** Remembers a fault; returns whether a new start would help. Fails with the disk's own error. */
  blame(weight: 1 | 2): boolean {
    const fault = { version: this.#version, now: this.#clock.now(), weight };
    this.#file.write(withFault(this.#file.read(), fault));
    return !this.software && this.#wantsSoftware();
  }

  #wantsSoftware(): boolean {
    return drawsInSoftware(this.#file.read(), { version: this.#version, now: this.#clock.now() });
  }
}
