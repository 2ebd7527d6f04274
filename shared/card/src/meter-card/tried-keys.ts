import type { ChipDriver } from '../chip/contract.ts';
import { NO_HISTORY, type Command, type KeyHistory } from '../chip/cpu/key-guard.ts';
import { ChipError } from '../chip/error.ts';
import { codeOf } from '../errors.ts';
import { asMeterCardError } from './error.ts';
import type { JournalEntry } from './journal.ts';
import type { OnRecord } from './on-record.ts';

type KeyedCommand = Exclude<Command, { tries: 'nothing' }>;

/** A CPU card's keys in one write: each try is on record before the card meets the key, and its answer right after. */
export class TriedKeys {
  readonly #driver: ChipDriver;
  #history: KeyHistory;

  constructor(driver: ChipDriver, history: KeyHistory) {
    this.#driver = driver;
    this.#history = history;
  }

  /** `digest`: `imageDigest` of the card as it is now. Fails as `ChipDriver.tryKey`. */
  async try({ tries, apdu }: KeyedCommand, record: OnRecord, digest: string): Promise<void> {
    const { keys } = record.entry;
    const before = keys?.digest === digest ? keys : { digest, unanswered: 0 };
    if (tries === 'mac') await record.note({ phase: 'writing' });
    else await record.note({ phase: 'presenting', keys: { ...before, unanswered: before.unanswered + 1 } });
    try {
      await this.#driver.tryKey(apdu, this.#history);
    } catch (error) {
      // Where no answer came, that it may have cost a try stays on record.
      if (error instanceof ChipError) await noteAnswer(error, record, { tries, keys, digest });
      throw error;
    }
    if (tries === 'mac') return;
    this.#history = { ...NO_HISTORY, lastTry: this.#history.lastTry };
    await record.note({ phase: 'writing', keys: undefined, triesLeft: undefined, reason: undefined });
  }
}

async function noteAnswer(
  error: ChipError,
  record: OnRecord,
  {
    tries,
    keys,
    digest,
  }: {
    readonly tries: KeyedCommand['tries'];
    readonly keys: JournalEntry['keys'] | undefined;
    readonly digest: string;
  },
): Promise<void> {
  const { code, context } = error;
  if (code === 'chip.code-wrong' || code === 'chip.locked') {
    const refused = { digest, unanswered: 0, refused: true } as const;
    // A card that was locked before was not asked: nothing is said of this key.
    if (code === 'chip.locked' && context['sw'] === undefined) return record.note({ keys: refused });
    const told = typeof context['triesLeft'] === 'number' ? { triesLeft: context['triesLeft'] } : {};
    const reason = codeOf(asMeterCardError(error));
    await record.note({ phase: 'failed', reason, keys: refused, ...told });
  } else if (tries === 'external') await record.note({ keys });
}
