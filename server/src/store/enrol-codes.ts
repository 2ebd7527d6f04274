import { createHash } from 'node:crypto';
import { Schema, type Connection, type Model } from 'mongoose';
import { DURABLE, isDuplicateKey } from './durable.ts';

interface EnrolCode {
  /** SHA-256 of the code; the code itself is nowhere. */
  readonly _id: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt?: Date;
  /** The one terminal that it accepted. */
  readonly usedBy?: string;
  readonly usedAt?: Date;
}

const schema = new Schema<EnrolCode>(
  {
    _id: { type: String, required: true },
    createdBy: { type: String, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: Date,
    usedBy: String,
    usedAt: Date,
  },
  { collection: 'enrolCodes', versionKey: false, strict: 'throw', writeConcern: DURABLE },
);

/** One-time codes that accept a terminal at its enrolment. */
export class EnrolCodeStore {
  readonly #model: Model<EnrolCode>;

  constructor(db: Connection) {
    this.#model = db.model<EnrolCode>('EnrolCode', schema);
  }

  /** Makes a code valid. One that was here before, used or not, stays as it was. */
  async add(code: string, init: { by: string; at: Date; expiresAt?: Date }): Promise<void> {
    try {
      await this.#model.create({
        _id: hashOf(code),
        createdBy: init.by,
        createdAt: init.at,
        ...(init.expiresAt && { expiresAt: init.expiresAt }),
      });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }

  /**
   * Takes the code for this terminal. Again for the same terminal is true as well, so that a crash between
   * taking the code and accepting the terminal is mended by enrolling once more.
   */
  async take(code: string, terminalId: string, at: Date): Promise<boolean> {
    const _id = hashOf(code);
    const taken = await this.#model
      .findOneAndUpdate(
        {
          _id,
          usedBy: { $exists: false },
          $or: [{ expiresAt: { $exists: false } }, { expiresAt: { $gt: at } }],
        },
        { $set: { usedBy: terminalId, usedAt: at } },
        { returnDocument: 'after' },
      )
      .lean<EnrolCode>()
      .exec();
    if (taken !== null) return true;
    return (await this.#model.findOne({ _id, usedBy: terminalId }).lean<EnrolCode>().exec()) !== null;
  }
}

function hashOf(code: string): string {
  return createHash('sha256').update(`enrol-code:${code}`).digest('hex');
}
