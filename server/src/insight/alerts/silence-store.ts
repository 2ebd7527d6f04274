import { Schema, type Connection, type Model } from 'mongoose';
import { within, type Scope } from '../../kernel/scope.ts';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';
import type { Alert, AlertPerson } from './alert.ts';

/** For a time no alert that fits is told: work that was announced, a trouble that is known. */
export interface Silence {
  readonly _id: string;
  /** With `*` for anything. */
  readonly rule: string;
  readonly subject: string;
  readonly reason: string;
  /** Of the user who made it: it holds back what is within. */
  readonly orgPath: readonly string[];
  readonly by: AlertPerson;
  readonly from: Date;
  readonly to: Date;
}

const text = { type: String, required: true } as const;
const time = { type: Date, required: true } as const;
const schema = new Schema<Silence>(
  {
    ...{ _id: text, rule: text, subject: text, reason: text, from: time, to: time },
    orgPath: { type: [String], required: true },
    by: { type: Object, required: true },
  },
  {
    collection: 'alertsilences',
    versionKey: false,
    strict: 'throw',
    autoIndex: false,
    writeConcern: DURABLE,
  },
).index({ to: 1 });

const MOST = 500;

export class SilenceStore {
  readonly #model: Model<Silence>;

  constructor(db: Connection) {
    this.#model = db.model<Silence>('AlertSilence', schema);
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  async insert(made: Silence): Promise<'inserted' | 'exists'> {
    try {
      await this.#model.create(made);
      return 'inserted';
    } catch (error) {
      if (isDuplicateKey(error)) return 'exists';
      throw error;
    }
  }

  async get(id: string): Promise<Silence | null> {
    return this.#model.findById(id).lean<Silence>().exec();
  }

  /** Those that hold now, the first to end first. */
  async active(now: Date, scope: Scope): Promise<Silence[]> {
    return this.#model
      .find({ to: { $gt: now }, ...within(scope) })
      .sort({ to: 1 })
      .limit(MOST)
      .lean<Silence[]>()
      .exec();
  }

  async end(id: string, at: Date): Promise<void> {
    await this.#model.updateOne({ _id: id, to: { $gt: at } }, { $set: { to: at } }).exec();
  }
}

/** Whether a silence holds this alert back; those given hold now. */
export function isSilenced(
  { rule, subject, orgPath }: Pick<Alert, 'rule' | 'subject' | 'orgPath'>,
  silences: readonly Silence[],
): boolean {
  return silences.some(
    (silence) =>
      orgPath.includes(silence.orgPath.at(-1) ?? '') &&
      fits(rule, silence.rule) &&
      fits(subject, silence.subject),
  );
}

/** Without a regular expression: one made of many `*` could take for ever. */
function fits(value: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return value === pattern;
  if (!value.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = value.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return value.length - last.length >= at && value.endsWith(last);
}
