import { createHash } from 'node:crypto';
import { Schema, type Connection, type Model } from 'mongoose';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';

interface EnrolCode {
  /** SHA-256 of the code; the code itself is nowhere. */
  readonly _id: string;
  readonly createdBy: string;
  /** The organisation that its terminal is put into. */
  readonly org?: string;
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
    org: String,
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
  async add(code: string, init: { by: string; at: Date; expiresAt?: Date; org?: string }): Promise<void> {
    try {
      await this.#model.create({
        _id: hashOf(code),
        createdBy: init.by,
        createdAt: init.at,
        ...(init.org === undefined ? {} : { org: init.org }),
        ...(init.expiresAt && { expiresAt: init.expiresAt }),
      });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }

  /**
   * Takes the code for this terminal; null where it may not. Again for the same terminal is well too, so that a crash
   * between taking the code and accepting the terminal is mended by enrolling once more.
   */
  async take(code: string, terminalId: string, at: Date): Promise<{ readonly org?: string } | null> {
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
    return taken ?? this.#model.findOne({ _id, usedBy: terminalId }).lean<EnrolCode>().exec();
  }
}

function hashOf(code: string): string {
  return createHash('sha256').update(`enrol-code:${code}`).digest('hex');
}
