import { randomInt } from 'node:crypto';
import type { Clock } from '@bianmin/card/clock';
import type { Diagnostics } from '@bianmin/purchase/api/diagnostics';
import { Schema, type Connection, type Model } from 'mongoose';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';

const KEPT_S = 30 * 86_400;
/** Of one terminal; older ones go. */
const KEPT_EACH = 20;

export interface MachineReport {
  /** Eight digits. */
  readonly _id: string;
  readonly terminalId: string;
  readonly at: Date;
  readonly report: Diagnostics;
}

const schema = new Schema<MachineReport>(
  {
    _id: { type: String, required: true },
    terminalId: { type: String, required: true },
    at: { type: Date, required: true },
    report: { type: Object, required: true },
  },
  {
    ...{ collection: 'machinereports', versionKey: false, strict: 'throw', autoIndex: false },
    ...{ minimize: false, writeConcern: DURABLE },
  },
)
  .index({ terminalId: 1, at: -1 })
  .index({ at: 1 }, { expireAfterSeconds: KEPT_S });

/** What terminals say of themselves when staff ask them to; kept for thirty days. */
export class MachineReports {
  readonly #model: Model<MachineReport>;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #draw: () => number;

  /** `draw`: of a report's number, from 0 to 99999999. */
  constructor(init: { db: Connection; clock: Pick<Clock, 'now'>; draw?: () => number }) {
    this.#model = init.db.model<MachineReport>('MachineReport', schema);
    this.#clock = init.clock;
    this.#draw = init.draw ?? (() => randomInt(100_000_000));
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  /** Gives its number. */
  async add(terminalId: string, report: Diagnostics): Promise<string> {
    const at = new Date(this.#clock.now());
    for (;;) {
      const _id = String(this.#draw()).padStart(8, '0');
      try {
        await this.#model.create({ _id, terminalId, at, report });
      } catch (error) {
        // Another report has this number.
        if (isDuplicateKey(error)) continue;
        throw error;
      }
      await this.#drop(terminalId);
      return _id;
    }
  }

  /** Newest first. */
  async of(terminalId: string): Promise<MachineReport[]> {
    const since = new Date(this.#clock.now() - KEPT_S * 1000);
    return this.#model
      .find({ terminalId, at: { $gte: since } })
      .sort({ at: -1 })
      .limit(KEPT_EACH)
      .lean<MachineReport[]>()
      .exec();
  }

  /** Null where this terminal has none of that number, or it is over. */
  async get(terminalId: string, reportNo: string): Promise<MachineReport | null> {
    return this.#model.findOne({ _id: reportNo, terminalId }).lean<MachineReport>().exec();
  }

  async #drop(terminalId: string): Promise<void> {
    const old = await this.#model
      .find({ terminalId }, { _id: 1 })
      .sort({ at: -1 })
      .skip(KEPT_EACH)
      .lean<Pick<MachineReport, '_id'>[]>()
      .exec();
    if (old.length > 0) await this.#model.deleteMany({ _id: { $in: old.map(({ _id }) => _id) } }).exec();
  }
}
