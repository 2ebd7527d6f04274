import { fromCardImageMessage } from '@bianmin/shared/meter-card/wire';
import type { AnswerBody, AnswerOf, Operation, RequestOf } from '../../../src/grid/wire/operations.ts';
import type { WritePlan } from '@bianmin/shared/meter-card/plan';
import type { Books } from './books.ts';
import { keepReturnData } from './evidence.ts';
import { identify, identifyCustomer } from './identify.ts';
import { beginCpu, continueCpu, type CpuDialogue } from './plan-cpu.ts';
import type { MemoryChip } from '@bianmin/shared/testing/meter-files';
import { memorySteps } from './plan-memory.ts';
import { planFrame, planTarget, soldEntry } from './plan.ts';
import { Refused } from './refusal.ts';

/** Dialogues kept at most; the oldest is forgotten and its terminal begins again. */
const MAX_DIALOGUES = 10_000;

/** The grid's business behind the wire: one method an operation. A business no is thrown as `Refused`. */
export class Platform {
  readonly #books: Books;
  readonly #dialogues = new Map<string, CpuDialogue>();

  constructor(books: Books) {
    this.#books = books;
  }

  /** Works on one message and gives what is to be sealed. */
  operate(operation: Operation, request: never): AnswerBody {
    try {
      return { result: 'ok', data: this[operation](request) };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return { result: 'refused', refusal: error.refusal, message: error.message };
    }
  }

  identify(request: RequestOf<'identify'>): AnswerOf<'identify'> {
    return identify(this.#books, fromCardImageMessage(request.image));
  }

  identifyCustomer({ customerNo }: RequestOf<'identifyCustomer'>): AnswerOf<'identifyCustomer'> {
    return identifyCustomer(this.#books, customerNo);
  }

  quote(_: RequestOf<'quote'>): AnswerOf<'quote'> {
    throw new Refused('other', 'This grid quotes nothing.');
  }

  remoteCredit(_: RequestOf<'remoteCredit'>): AnswerOf<'remoteCredit'> {
    throw new Refused('other', 'This grid credits nothing from afar.');
  }

  queryCredit(_: RequestOf<'queryCredit'>): AnswerOf<'queryCredit'> {
    return { status: 'not-found' };
  }

  replaceCard(_: RequestOf<'replaceCard'>): AnswerOf<'replaceCard'> {
    throw new Refused('other', 'This grid replaces no cards.');
  }

  dailyBill(_: RequestOf<'dailyBill'>): AnswerOf<'dailyBill'> {
    throw new Refused('day-cut', 'No day is cut.');
  }

  sell(request: RequestOf<'sell'>): AnswerOf<'sell'> {
    const result = this.#books.sales.sell(request);
    if (result.ok) return result.sale;
    throw new Refused(result.refusal, result.message);
  }

  queryOriginal({ orderNo }: RequestOf<'queryOriginal'>): AnswerOf<'queryOriginal'> {
    const entry = this.#books.sales.get(orderNo);
    if (entry === undefined) return { status: 'not-found' };
    if (entry.status === 'reversed') return { status: 'reversed' };
    if (entry.sale !== undefined) return { status: 'sold', sale: entry.sale };
    return { status: 'rejected', reason: entry.refusal ?? 'other' };
  }

  returnData({ orderNo, regions }: RequestOf<'returnData'>): AnswerOf<'returnData'> {
    keepReturnData(
      this.#books,
      orderNo,
      regions.map((region) => ({ ...region, data: new Uint8Array(Buffer.from(region.data, 'hex')) })),
    );
    return {};
  }

  writePlan({ orderNo, image: message }: RequestOf<'writePlan'>): WritePlan {
    const image = fromCardImageMessage(message);
    const { target, household, entry } = planTarget(this.#books, orderNo, image);
    entry.planReleased = true;
    if (image.chip !== 'CPU') {
      const chip = image.chip as MemoryChip;
      const steps = memorySteps(chip, { target, household }, this.#books.security);
      return { ...planFrame(entry, image), stage: 0, steps };
    }
    const { plan, dialogue } = beginCpu(this.#books, entry, target, image);
    this.#dialogues.delete(orderNo);
    this.#dialogues.set(orderNo, dialogue);
    for (const oldest of this.#dialogues.keys()) {
      if (this.#dialogues.size <= MAX_DIALOGUES) break;
      this.#dialogues.delete(oldest);
    }
    return plan;
  }

  authorise({ orderNo, stage, gathered }: RequestOf<'authorise'>): WritePlan {
    soldEntry(this.#books, orderNo);
    const dialogue = this.#dialogues.get(orderNo);
    if (dialogue === undefined) throw new Refused('authentication', 'No plan was begun; ask for it again.');
    return continueCpu(this.#books, dialogue, stage, gathered);
  }

  confirmWrite({ orderNo }: RequestOf<'confirmWrite'>): AnswerOf<'confirmWrite'> {
    soldEntry(this.#books, orderNo).writeClaimed = true;
    return {};
  }

  reverse({ orderNo }: RequestOf<'reverse'>): AnswerOf<'reverse'> {
    return this.#books.sales.reverse(orderNo);
  }

  queryReversal({ orderNo }: RequestOf<'queryReversal'>): AnswerOf<'queryReversal'> {
    const entry = this.#books.sales.get(orderNo);
    if (entry?.status === 'reversed') return { status: 'reversed' };
    return { status: entry?.reversalRefused === undefined ? 'not-found' : 'refused' };
  }
}
