import { Schema, type Connection, type Model } from 'mongoose';
import type { Platform } from '@bianmin/purchase/api/heartbeat';
import { within, type Scope } from '../../kernel/scope.ts';

/** What a terminal last said of itself, as it is kept: minutes old at most, where Redis knows the second. */
export interface TerminalHealth {
  /** The terminal's id. */
  readonly _id: string;
  readonly kind: 'kiosk' | 'box';
  readonly orgPath: readonly string[];
  readonly version: string;
  readonly platform?: Platform;
  readonly readers: readonly string[];
  readonly engine?: string;
  readonly diskFreeMb?: number;
  readonly clockSkewMs?: number;
  /** It sells nothing, by command. */
  readonly blocked?: boolean;
  /** When it was last heard, to some minutes. */
  readonly seenAt: Date;
}

/** Told again within minutes if it is lost: one member's word is enough. */
const schema = new Schema<TerminalHealth>(
  {
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    orgPath: { type: [String], required: true },
    version: { type: String, required: true },
    platform: String,
    readers: { type: [String], required: true },
    engine: String,
    diskFreeMb: Number,
    clockSkewMs: Number,
    blocked: Boolean,
    seenAt: { type: Date, required: true },
  },
  { collection: 'terminal_health', versionKey: false, strict: 'throw', writeConcern: { w: 1 } },
).index({ orgPath: 1 });

/** What terminals said of themselves, in MongoDB. */
export class TerminalHealthStore {
  readonly #model: Model<TerminalHealth>;

  constructor(db: Connection) {
    this.#model = db.model<TerminalHealth>('TerminalHealth', schema);
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  /** Replaces what each said before. */
  async keep(health: readonly TerminalHealth[]): Promise<void> {
    if (health.length === 0) return;
    await this.#model.bulkWrite(
      health.map((each) => ({
        replaceOne: { filter: { _id: each._id }, replacement: each, upsert: true },
      })),
      // Not said, what does not fit the schema would be left out in silence.
      { ordered: false, throwOnValidationError: true },
    );
  }

  /** Those that were heard again and said nothing new; gives the ids that have no document. */
  async seen(at: ReadonlyMap<string, number>): Promise<string[]> {
    if (at.size === 0) return [];
    const { matchedCount } = await this.#model.bulkWrite(
      [...at].map(([_id, ms]) => ({
        updateOne: { filter: { _id }, update: { $max: { seenAt: new Date(ms) } } },
      })),
      { ordered: false },
    );
    if (matchedCount === at.size) return [];
    const known = await this.of([...at.keys()]);
    return [...at.keys()].filter((id) => !known.has(id));
  }

  async of(ids: readonly string[]): Promise<Map<string, TerminalHealth>> {
    const found = await this.#model
      .find({ _id: { $in: [...ids] } })
      .lean<TerminalHealth[]>()
      .exec();
    return new Map(found.map((health) => [health._id, health]));
  }

  /** All within a scope, for the view of cohorts: as a stream, since a province has 120,000. */
  within(scope: Scope): AsyncIterable<TerminalHealth> {
    return this.#model
      .find(within(scope), { engine: 0, diskFreeMb: 0, clockSkewMs: 0 })
      .lean<TerminalHealth>()
      .cursor({ batchSize: 500 });
  }
}
