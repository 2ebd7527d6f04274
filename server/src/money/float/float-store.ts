import { Schema, type Connection, type Model } from 'mongoose';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';
import type { CommitteeFloat, FloatEntry } from './float.ts';
import type { Shift } from './shift.ts';

const text = { type: String, required: true } as const;
const whole = { type: Number, required: true } as const;
const time = { type: Date, required: true } as const;
const common = { versionKey: false, strict: 'throw', autoIndex: false, writeConcern: DURABLE } as const;
const part = { _id: false, id: false, strict: 'throw' } as const;
const shiftFields = {
  id: text,
  staff: text,
  number: text,
  terminalId: text,
  orgPath: { type: [String], required: true },
  openedAt: time,
  openingFen: whole,
  takenFen: whole,
  times: whole,
  backFen: whole,
  backTimes: whole,
};
const countedFields = {
  ...shiftFields,
  committee: text,
  closedAt: time,
  counted: { type: [new Schema({ fen: whole, pieces: whole }, part)], required: true },
  countedFen: whole,
  differenceFen: whole,
  leftFen: whole,
};
const entryFields = {
  _id: text,
  float: text,
  kind: text,
  fen: whole,
  debit: text,
  credit: text,
  by: text,
  orderNo: String,
  reference: String,
  undoes: String,
  slip: String,
  terminalId: String,
  staff: String,
  shift: String,
  counted: { type: new Schema(countedFields, part) },
  at: time,
};
const floatSchema = new Schema<CommitteeFloat>(
  {
    _id: text,
    name: text,
    terminals: { type: [String], required: true },
    balanceFen: whole,
    dayLimitFen: whole,
    frozen: Boolean,
    day: { type: String, default: '' },
    dayFen: whole,
    recent: { type: [new Schema(entryFields, { strict: 'throw' })], required: true },
    shifts: { type: [new Schema(shiftFields, part)], default: undefined },
    left: { type: [new Schema({ terminalId: text, fen: whole }, part)], default: undefined },
    version: whole,
  },
  { ...common, collection: 'floats' },
)
  .index({ terminals: 1 })
  .index({ 'shifts.staff': 1 });
const entrySchema = new Schema<FloatEntry>(entryFields, { ...common, collection: 'floatentries' })
  .index({ float: 1, at: -1 })
  .index({ kind: 1, at: 1 })
  .index({ float: 1, slip: 1 });

/** Floats, and the book that their entries move to. Append-only: an entry's id is there once. */
export class FloatStore {
  readonly #floats: Model<CommitteeFloat>;
  readonly #entries: Model<FloatEntry>;

  constructor(db: Connection) {
    this.#floats = db.model<CommitteeFloat>('CommitteeFloat', floatSchema);
    this.#entries = db.model<FloatEntry>('FloatEntry', entrySchema);
  }

  async prepare(): Promise<void> {
    await Promise.all([this.#floats.createIndexes(), this.#entries.createIndexes()]);
  }

  async insert(float: CommitteeFloat): Promise<'inserted' | 'exists'> {
    try {
      await this.#floats.create(float);
      return 'inserted';
    } catch (error) {
      if (isDuplicateKey(error)) return 'exists';
      throw error;
    }
  }

  async get(id: string): Promise<CommitteeFloat | null> {
    return this.#floats.findById(id).lean<CommitteeFloat>().exec();
  }

  async byTerminal(terminalId: string): Promise<CommitteeFloat | null> {
    return this.#floats.findOne({ terminals: terminalId }).lean<CommitteeFloat>().exec();
  }

  async list(): Promise<CommitteeFloat[]> {
    return this.#floats.find().sort({ _id: 1 }).limit(1_000).lean<CommitteeFloat[]>().exec();
  }

  /** Stores `after` where the float still has the version of `before`. */
  async replace(before: CommitteeFloat, after: CommitteeFloat): Promise<'replaced' | 'conflict'> {
    const { _id, ...rest } = after;
    const replaced = await this.#floats
      .findOneAndUpdate({ _id, version: before.version }, { $set: rest }, { projection: { _id: 1 } })
      .lean()
      .exec();
    return replaced === null ? 'conflict' : 'replaced';
  }

  /** An entry in the book. The caller reads the float first: an entry goes from there to here. */
  async booked(id: string): Promise<FloatEntry | null> {
    return this.#entries.findById(id).lean<FloatEntry>().exec();
  }

  /** Whether an entry in the book has this slip. The caller reads the float first, as for `booked`. */
  async hasSlip(float: string, slip: string): Promise<boolean> {
    return (await this.#entries.findOne({ slip, float }, { _id: 1 }).lean().exec()) !== null;
  }

  /** Copies entries into the book; those that are there already stay as they are. */
  async book(entries: readonly FloatEntry[]): Promise<void> {
    for (const entry of entries) {
      try {
        await this.#entries.create(entry);
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
    }
  }

  /**
   * Entries of these kinds: all that are still in a float, and of the book those since `since`. An entry that moves into
   * the book meanwhile may come twice, and never not at all.
   */
  async ofKinds(kinds: readonly FloatEntry['kind'][], since: Date): Promise<FloatEntry[]> {
    const floats = await this.#floats
      .find({ 'recent.kind': { $in: kinds } }, { recent: 1 })
      .lean<Pick<CommitteeFloat, 'recent'>[]>()
      .exec();
    const booked = await this.#entries
      .find({ kind: { $in: kinds }, at: { $gte: since } })
      .lean<FloatEntry[]>()
      .exec();
    const recent = floats.flatMap((float) => float.recent).filter(({ kind }) => kinds.includes(kind));
    return [...recent, ...booked];
  }

  /** Where this person has a shift open at this terminal, whichever float it is that the terminal is at now. */
  async withShift({
    staff,
    terminalId,
  }: Pick<Shift, 'staff' | 'terminalId'>): Promise<CommitteeFloat | null> {
    return this.#floats
      .findOne({ shifts: { $elemMatch: { staff, terminalId } } })
      .lean<CommitteeFloat>()
      .exec();
  }

  /** Shifts that were opened before this moment and are open, with their floats. */
  async shiftsBefore(before: Date): Promise<{ readonly float: string; readonly shift: Shift }[]> {
    const floats = await this.#floats
      .find({ 'shifts.openedAt': { $lt: before } }, { shifts: 1 })
      .lean<Pick<CommitteeFloat, '_id' | 'shifts'>[]>()
      .exec();
    return floats.flatMap(({ _id, shifts = [] }) =>
      shifts.filter(({ openedAt }) => openedAt < before).map((shift) => ({ float: _id, shift })),
    );
  }

  /** Of the book only, since this moment, and before the other where there is one. */
  async entriesSince(float: string, since: Date, before?: Date): Promise<FloatEntry[]> {
    return this.#entries
      .find({ float, at: { $gte: since, ...(before === undefined ? {} : { $lt: before }) } })
      .lean<FloatEntry[]>()
      .exec();
  }

  /** Newest first, of the book only. */
  async entries(float: string, limit: number): Promise<FloatEntry[]> {
    return this.#entries.find({ float }).sort({ at: -1 }).limit(limit).lean<FloatEntry[]>().exec();
  }
}
