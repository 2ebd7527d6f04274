import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Ephemeral } from '../../adapters/redis/ephemeral.ts';
import type { GridGateway } from '../../gateways/grid/contract.ts';
import { meterReading, type MeterReading } from '../../gateways/grid/meter-reading.ts';
import type { MeterWords } from './meter-words.ts';

/** A meter is asked no more often, ms: it has nothing new to say so soon, and each question costs the grid a call to it. */
export const READING_MS = 60_000;

const kept = z.object({ reading: meterReading.nullable() });
const NOTHING: z.output<typeof kept> = { reading: null };

/** Asks meters from afar, through the grid, and hears what they say of their purchases. */
export class MeterReadings {
  readonly #grid: Pick<GridGateway, 'grid' | 'readMeter'>;
  readonly #ephemeral: Ephemeral;
  readonly #words: Pick<MeterWords, 'hear'>;
  readonly #log: Logger;

  constructor(init: {
    grid: Pick<GridGateway, 'grid' | 'readMeter'>;
    ephemeral: Ephemeral;
    words: Pick<MeterWords, 'hear'>;
    log: Logger;
  }) {
    this.#grid = init.grid;
    this.#ephemeral = init.ephemeral;
    this.#words = init.words;
    this.#log = init.log;
  }

  /** What the meter itself said within the last minute; null: it has no line, or nothing was heard. Never fails. */
  async of(household: {
    readonly customerNo: string;
    readonly meterNo: string;
  }): Promise<MeterReading | null> {
    const { customerNo, meterNo } = household;
    const name = this.#nameOf(meterNo);
    try {
      if (!(await this.#ephemeral.putNew(name, JSON.stringify(NOTHING), READING_MS))) {
        return await this.#kept(name);
      }
      const reading = await this.#grid.readMeter({ customerNo, meterNo });
      if (reading === null) return null;
      await this.#hear(reading);
      await this.#ephemeral.put(name, JSON.stringify({ reading }), READING_MS);
      return reading;
    } catch (error) {
      this.#log.warn({ err: error }, 'a meter could not be asked');
      return null;
    }
  }

  async #kept(name: string): Promise<MeterReading | null> {
    const json = await this.#ephemeral.get(name);
    return json === null ? null : kept.parse(JSON.parse(json)).reading;
  }

  /** Of what is sold it tells nothing but what the meter has. */
  async #hear({ meterNo, count, balanceFen, readAt }: MeterReading): Promise<void> {
    const counts = { soldCount: count, creditedCount: count };
    const balance = { balanceFen, balanceAt: readAt, balanceLive: true, ceilingFen: null };
    await this.#words.hear({ meterNo, ...counts, ...balance });
  }

  #nameOf(meterNo: string): string {
    const digest = createHash('sha256').update(`${this.#grid.grid}:${meterNo}`).digest('hex');
    return `meter:reading:${digest}`;
  }
}
