import { Schema, type Connection, type Model } from 'mongoose';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';

/** What only one approval at a time may be about: a bank's reference, say. */
export interface ApprovalClaim {
  /** What is claimed. */
  readonly _id: string;
  /** The id of the approval that has it. */
  readonly approval: string;
  /** When it was claimed: the approval is stored right afterwards. */
  readonly at: Date;
}

const schema = new Schema<ApprovalClaim>(
  {
    ...{ _id: { type: String, required: true }, approval: { type: String, required: true } },
    at: { type: Date, required: true },
  },
  {
    collection: 'approvalclaims',
    versionKey: false,
    strict: 'throw',
    autoIndex: false,
    writeConcern: DURABLE,
  },
);

/**
 * Claims in MongoDB. One is never removed, it is taken over. No unique index on a field of the approval itself does this: whether
 * that holds also hangs on the approval's state.
 */
export class ApprovalClaimStore {
  readonly #model: Model<ApprovalClaim>;

  constructor(db: Connection) {
    this.#model = db.model<ApprovalClaim>('ApprovalClaim', schema);
  }

  async insert(claim: ApprovalClaim): Promise<'inserted' | 'exists'> {
    try {
      await this.#model.create(claim);
      return 'inserted';
    } catch (error) {
      if (isDuplicateKey(error)) return 'exists';
      throw error;
    }
  }

  async get(key: string): Promise<ApprovalClaim | null> {
    return this.#model.findById(key).lean<ApprovalClaim>().exec();
  }

  /** `known` → `next`, of the same key; false where it is not as known any more. */
  async takeOver({ _id, approval, at }: ApprovalClaim, next: ApprovalClaim): Promise<boolean> {
    const set = { approval: next.approval, at: next.at };
    // Not what was modified: the same may be claimed again within the same millisecond.
    const { matchedCount } = await this.#model.updateOne({ _id, approval, at }, { $set: set }).exec();
    return matchedCount === 1;
  }
}
