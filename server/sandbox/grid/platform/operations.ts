import { fromCardImageMessage } from '@bianmin/card/meter-card/wire';
import type {
  AnswerBody,
  AnswerOf,
  Operation,
  RequestOf,
} from '../../../src/gateways/grid/wire/operations.ts';
import type { CardImage } from '@bianmin/card/meter-card/image';
import type { WritePlan } from '@bianmin/card/meter-card/plan';
import type { BillLie } from '../../bill-lies.ts';
import { payAccount, unpay } from './account-payments.ts';
import { standingOf } from './account.ts';
import { roomOf, type Books } from './books.ts';
import { cancelTarget } from './cancel.ts';
import { keepReturnData } from './evidence.ts';
import { identify, identifyCustomer, readMeter } from './identify.ts';
import { beginCpu, continueCpu, type CpuDialogue } from './plan-cpu.ts';
import { cardOn } from './card-files.ts';
import { memorySteps } from './plan-memory.ts';
import { dailyBill, pageOf, type DailyBill } from './daily-bill.ts';
import type { Household } from './household.ts';
import { planFrame, planTarget, soldEntry, type PlanTarget } from './plan.ts';
import { quote } from './quote.ts';
import { Refused } from './refusal.ts';
import { creditIsOpen, queryCredit, remoteCredit } from './remote-credit.ts';
import { replaceCard } from './replacement.ts';

/** Dialogues kept at most; the oldest is forgotten and its terminal begins again. */
const MAX_DIALOGUES = 10_000;

/** The grid's business behind the wire: one method an operation. A business no is thrown as `Refused`. */
export class Platform {
  readonly #books: Books;
  readonly #dialogues = new Map<string, CpuDialogue>();
  #bill: { readonly day: string; readonly lies: readonly BillLie[]; readonly bill: DailyBill } | undefined;

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

  readMeter(request: RequestOf<'readMeter'>): AnswerOf<'readMeter'> {
    return readMeter(this.#books, request);
  }

  quote(request: RequestOf<'quote'>): AnswerOf<'quote'> {
    const answer = quote(this.#books, request);
    return { ...answer, tiers: [...answer.tiers] };
  }

  sell(request: RequestOf<'sell'>): AnswerOf<'sell'> {
    if (this.#books.replacements.has(request.orderNo)) {
      throw new Refused('duplicate', 'The order number was used for a card.');
    }
    const result = this.#books.sales.sell(request, {
      soldAt: this.#books.days.moment(),
      room: roomOf(this.#books, request.meterNo, this.#books.readMeter(request.meterNo)),
    });
    if (!result.ok) throw new Refused(result.refusal, result.message);
    const { credit } = this.vendorCredit();
    return credit === null ? result.sale : { ...result.sale, vendorCredit: credit };
  }

  payAccount(request: RequestOf<'payAccount'>): AnswerOf<'payAccount'> {
    if (this.#books.replacements.has(request.orderNo)) {
      throw new Refused('duplicate', 'The order number was used for a card.');
    }
    const result = payAccount(this.#books, request);
    if (!result.ok) throw new Refused(result.refusal, result.message);
    const household = this.#books.household(request.customerNo);
    if (household === undefined) throw new Refused('card-unknown', 'No customer has this number.');
    const paid = { ...result.sale, account: standingOf(this.#books, household) };
    const { credit } = this.vendorCredit();
    return credit === null ? paid : { ...paid, vendorCredit: credit };
  }

  vendorCredit(): AnswerOf<'vendorCredit'> {
    return { credit: this.#books.deposit.told(this.#books.now()) };
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
    if (creditIsOpen(this.#books, entry)) {
      throw new Refused('other', 'A remote credit is under way; wait for its outcome.');
    }
    entry.planReleased = true;
    delete entry.cancelReleased;
    return this.#plan(target, household, image);
  }

  cancelPlan({ orderNo, image: message }: RequestOf<'cancelPlan'>): WritePlan {
    const image = fromCardImageMessage(message);
    const { target, household, entry } = cancelTarget(this.#books, orderNo, image);
    entry.cancelReleased = true;
    return this.#plan(target, household, image);
  }

  confirmCancel({ orderNo }: RequestOf<'confirmCancel'>): AnswerOf<'confirmCancel'> {
    return this.#books.sales.cancel(orderNo, this.#books.days.moment());
  }

  #plan(target: PlanTarget, household: Household, image: CardImage): WritePlan {
    const card = cardOn(image);
    if (card === undefined) throw new Refused('card-unknown', 'This kind of card is not used here.');
    if (image.chip !== 'CPU') {
      const steps = memorySteps(card, { target, household }, this.#books.security);
      return { ...planFrame(target, image), stage: 0, steps };
    }
    const { plan, dialogue } = beginCpu(this.#books, target, { card, image });
    this.#dialogues.delete(target.orderNo);
    this.#dialogues.set(target.orderNo, dialogue);
    for (const oldest of this.#dialogues.keys()) {
      if (this.#dialogues.size <= MAX_DIALOGUES) break;
      this.#dialogues.delete(oldest);
    }
    return plan;
  }

  authorise({ orderNo, stage, gathered }: RequestOf<'authorise'>): WritePlan {
    if (!this.#replaces(orderNo)) soldEntry(this.#books, orderNo);
    const dialogue = this.#dialogues.get(orderNo);
    if (dialogue === undefined) throw new Refused('authentication', 'No plan was begun; ask for it again.');
    return continueCpu(this.#books, dialogue, stage, gathered);
  }

  confirmWrite({ orderNo }: RequestOf<'confirmWrite'>): AnswerOf<'confirmWrite'> {
    if (!this.#replaces(orderNo)) soldEntry(this.#books, orderNo).writeClaimed = true;
    return {};
  }

  /** Whether a number is of a replacement whose card is still the valid one. */
  #replaces(requestNo: string): boolean {
    const replacement = this.#books.replacements.get(requestNo);
    if (replacement === undefined) return false;
    if (this.#books.household(replacement.customerNo)?.serial === replacement.serial) return true;
    throw new Refused('card-replaced', 'This card was replaced by a newer one.');
  }

  reverse({ orderNo }: RequestOf<'reverse'>): AnswerOf<'reverse'> {
    const entry = this.#books.sales.get(orderNo);
    if (entry?.status === 'sold' && entry.account !== undefined) return unpay(this.#books, entry);
    if (entry !== undefined) creditIsOpen(this.#books, entry); // what the meter says now counts
    return this.#books.sales.reverse(orderNo, this.#books.days.moment());
  }

  queryReversal({ orderNo }: RequestOf<'queryReversal'>): AnswerOf<'queryReversal'> {
    const entry = this.#books.sales.get(orderNo);
    if (entry?.status === 'reversed') return { status: 'reversed' };
    return { status: entry?.reversalRefused === undefined ? 'not-found' : 'refused' };
  }

  remoteCredit({ orderNo }: RequestOf<'remoteCredit'>): AnswerOf<'remoteCredit'> {
    return remoteCredit(this.#books, orderNo);
  }

  queryCredit({ orderNo }: RequestOf<'queryCredit'>): AnswerOf<'queryCredit'> {
    return queryCredit(this.#books, orderNo);
  }

  replaceCard(request: RequestOf<'replaceCard'>): AnswerOf<'replaceCard'> {
    const image = fromCardImageMessage(request.image);
    const { replacement, target } = replaceCard(this.#books, { ...request, image });
    const household = this.#books.household(request.customerNo);
    if (household === undefined) throw new Refused('card-unknown', 'No customer has this number.');
    const { customerNo, formerSerial, serial, count, openOrderNo } = replacement;
    const plan = this.#plan(target, household, image);
    return { customerNo, formerSerial, serial, count, openOrderNo, plan };
  }

  /** Answers alike whether a household has the number or none: the caller must not learn it. */
  sendCode({ requestNo, customerNo, code }: RequestOf<'sendCode'>): AnswerOf<'sendCode'> {
    if (this.#books.household(customerNo)?.closed === false)
      this.#books.text(requestNo, { customerNo, code });
    return {};
  }

  cardTasks({ terminals }: RequestOf<'cardTasks'>): AnswerOf<'cardTasks'> {
    return { tasks: this.#books.cardTasks.wanted(terminals) };
  }

  cardStep(report: RequestOf<'cardStep'>): AnswerOf<'cardStep'> {
    return this.#books.cardTasks.step(report);
  }

  endCardTask(end: RequestOf<'endCardTask'>): AnswerOf<'endCardTask'> {
    this.#books.cardTasks.end(end);
    return {};
  }

  dailyBill({ day, fromLine }: RequestOf<'dailyBill'>): AnswerOf<'dailyBill'> {
    const { days, sales } = this.#books;
    const cutAt = days.cutAt(day);
    if (cutAt === undefined) throw new Refused('day-cut', 'That day is not cut yet.');
    const lies = this.#books.billLies();
    // A bill never changes as long as it is told nothing else, and is asked for in pieces.
    if (this.#bill?.day !== day || this.#bill.lies !== lies) {
      this.#bill = { day, lies, bill: dailyBill({ day, cutAt, entries: sales.entries(), lies }) };
    }
    return pageOf(this.#bill.bill, fromLine);
  }
}
