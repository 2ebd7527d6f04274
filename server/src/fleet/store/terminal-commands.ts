import { Schema, type Connection, type Model } from 'mongoose';
import type { CommandKind, CommandResult, CommandState } from '@bianmin/purchase/api/command';
import type { TerminalSupport } from '@bianmin/purchase/api/support';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';

const KEPT_S = 30 * 86_400;

/** What one terminal was told to do, and what it said became of it. */
export interface TerminalCommand {
  /** Chosen by who sent it; of a batch: the batch's id and the terminal's, so that made twice it is one. */
  readonly _id: string;
  readonly terminalId: string;
  readonly kind: CommandKind;
  readonly reason: string;
  readonly batch?: string;
  /** User id. */
  readonly issuedBy: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly state: CommandState;
  /** As it was signed when it was given; a command without it is handed to nobody. */
  readonly jws?: string;
  readonly deliveredAt?: Date;
  readonly answeredAt?: Date;
  readonly code?: string;
  readonly reportNo?: string;
  readonly log?: readonly string[];
  /** JPEG, base64. */
  readonly picture?: string;
  /** What a support archive is made of. */
  readonly support?: TerminalSupport;
}

/** Not answered yet. */
const OPEN = ['queued', 'delivered'] as const satisfies readonly CommandState[];
/** Nobody hands it out again, whoever sets its state. */
const TAKEN_BACK = { $set: { state: 'cancelled' }, $unset: { jws: 1 } } as const;
/** Why a command is cancelled that nobody gave. */
const FORGED = 'command.forged';
/** An answer is taken in these: one that comes late is still true. */
const ANSWERABLE = [...OPEN, 'expired'] as const satisfies readonly CommandState[];

const text = { type: String, required: true } as const;
const time = { type: Date, required: true } as const;
const schema = new Schema<TerminalCommand>(
  {
    ...{ _id: text, terminalId: text, kind: text, reason: text, batch: String, issuedBy: text },
    ...{ issuedAt: time, expiresAt: time, state: text, deliveredAt: Date, answeredAt: Date },
    ...{
      jws: String,
      code: String,
      reportNo: String,
      log: { type: [String], default: undefined },
      picture: String,
    },
    support: Object,
  },
  {
    ...{
      collection: 'terminal_commands',
      versionKey: false,
      strict: 'throw',
      autoIndex: false,
      minimize: false,
    },
    writeConcern: DURABLE,
  },
)
  // What waits for one terminal; its newest.
  .index({ terminalId: 1, state: 1 })
  .index({ terminalId: 1, issuedAt: -1 })
  // A batch's progress, and its end.
  .index({ batch: 1, state: 1 })
  // What has expired, and what is open, for the hints.
  .index({ state: 1, expiresAt: 1 })
  .index({ issuedAt: 1 }, { expireAfterSeconds: KEPT_S });

/** Commands in MongoDB, kept for thirty days; the audit trail has who gave them for longer. */
export class TerminalCommandStore {
  readonly #model: Model<TerminalCommand>;

  constructor(db: Connection) {
    this.#model = db.model<TerminalCommand>('TerminalCommand', schema);
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  async insert(command: TerminalCommand): Promise<'inserted' | 'exists'> {
    try {
      await this.#model.create(command);
      return 'inserted';
    } catch (error) {
      if (isDuplicateKey(error)) return 'exists';
      throw error;
    }
  }

  /** Those that are there already stay as they are. */
  async insertAll(commands: readonly TerminalCommand[]): Promise<void> {
    if (commands.length === 0) return;
    await this.#model.bulkWrite(
      commands.map(({ _id, ...rest }) => ({
        updateOne: { filter: { _id }, update: { $setOnInsert: rest }, upsert: true },
      })),
      { ordered: false, throwOnValidationError: true },
    );
  }

  async get(id: string): Promise<TerminalCommand | null> {
    return this.#model.findById(id).lean<TerminalCommand>().exec();
  }

  /** A terminal's newest, without what they brought. */
  async of(terminalId: string, limit: number): Promise<(TerminalCommand & Brought)[]> {
    const found = await this.#model
      .find({ terminalId })
      .sort({ issuedAt: -1 })
      .limit(limit)
      .lean<TerminalCommand[]>()
      .exec();
    return found.map(withoutBodies);
  }

  /** What waits for a terminal, oldest first. */
  async waiting(terminalId: string, now: Date, limit: number): Promise<TerminalCommand[]> {
    return this.#model
      .find({ terminalId, state: { $in: OPEN }, expiresAt: { $gt: now } })
      .sort({ issuedAt: 1, _id: 1 })
      .limit(limit)
      .lean<TerminalCommand[]>()
      .exec();
  }

  /** About to be handed out; null where it was cancelled or answered meanwhile. */
  async deliver(id: string, at: Date): Promise<TerminalCommand | null> {
    return this.#model
      .findOneAndUpdate(
        { _id: id, state: { $in: OPEN } },
        // A second delivery leaves the time of the first.
        { $set: { state: 'delivered' }, $min: { deliveredAt: at } },
        { returnDocument: 'after' },
      )
      .lean<TerminalCommand>()
      .exec();
  }

  /** The terminal's word; false where it is not this terminal's, or there is none. Said twice, the first stays. */
  async answer(id: string, terminalId: string, result: CommandResult, at: Date): Promise<boolean> {
    const { outcome, ...brought } = result;
    const { matchedCount } = await this.#model.updateOne(
      { _id: id, terminalId, state: { $in: ANSWERABLE } },
      { $set: { state: outcome, answeredAt: at, ...brought } },
    );
    return matchedCount > 0 || (await this.#model.exists({ _id: id, terminalId }).exec()) !== null;
  }

  /** What is handed out already cannot be called back. */
  async cancel(id: string): Promise<void> {
    await this.#model.updateOne({ _id: id, state: 'queued' }, TAKEN_BACK);
  }

  async cancelBatch(batch: string): Promise<void> {
    await this.#model.updateMany({ batch, state: 'queued' }, TAKEN_BACK);
  }

  /** Nobody gave it: it waits no more. Past the schema, for its fields and its very number may be of any type. */
  async refuse({ _id }: TerminalCommand): Promise<void> {
    await this.#model.collection.updateOne(
      { _id: _id as never, state: { $in: [...OPEN] } },
      { $set: { state: 'cancelled', code: FORGED } },
      { writeConcern: DURABLE },
    );
  }

  async countOf(batch: string, state: CommandState): Promise<number> {
    return this.#model.countDocuments({ batch, state }).exec();
  }

  /** When each of these was handed a restart that it has not answered; the others are left out. */
  async restarting(terminalIds: readonly string[]): Promise<Map<string, Date>> {
    const found = await this.#model
      .find(
        { terminalId: { $in: [...terminalIds] }, state: 'delivered', kind: 'restart' },
        { terminalId: 1, deliveredAt: 1 },
      )
      .lean<Pick<TerminalCommand, 'terminalId' | 'deliveredAt'>[]>()
      .exec();
    return new Map(
      found.flatMap(({ terminalId, deliveredAt }) =>
        deliveredAt === undefined ? [] : [[terminalId, deliveredAt]],
      ),
    );
  }

  /** Gives how many. */
  async expire(now: Date): Promise<number> {
    const { modifiedCount } = await this.#model.updateMany(
      { state: { $in: OPEN }, expiresAt: { $lte: now } },
      { $set: { state: 'expired' } },
    );
    return modifiedCount;
  }

  /** Terminals for which something waits; one may come more than once. As a stream: a batch may be a province. */
  async *terminalsWaiting(now: Date): AsyncGenerator<string> {
    const found = this.#model
      .find({ state: { $in: OPEN }, expiresAt: { $gt: now } }, { _id: 0, terminalId: 1 })
      .lean<{ terminalId: string }>()
      .cursor({ batchSize: 2000 });
    for await (const { terminalId } of found) yield terminalId;
  }
}

/** Whether it brought what is read for itself. */
export interface Brought {
  readonly hasLog: boolean;
  readonly hasPicture: boolean;
  readonly hasArchive: boolean;
}

export function withoutBodies({
  log,
  picture,
  support,
  ...rest
}: TerminalCommand): TerminalCommand & Brought {
  // A box's is its report.
  const hasArchive =
    support !== undefined || (rest.kind === 'support-archive' && rest.reportNo !== undefined);
  return { ...rest, hasLog: log !== undefined, hasPicture: picture !== undefined, hasArchive };
}
