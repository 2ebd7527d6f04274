import { FAULT_CODES, tradeOf, type Trade } from '../../../src/gateways/grid/agent-string/constants.ts';
import { decodeFrame, encodeFrame, verifies } from '../../../src/gateways/grid/agent-string/frame.ts';
import type { Frame, Head, Sealer, Verifier } from '../../../src/gateways/grid/agent-string/frame.ts';
import { encodeReply, type Reply } from '../../../src/gateways/grid/agent-string/replies.ts';
import type { Offered } from '../../../src/gateways/grid/agent-string/requests.ts';
import { decodeRequest, queried, type Asked } from '../../../src/gateways/grid/agent-string/asked.ts';
import { beijingTime } from '../../../src/gateways/grid/agent-string/times.ts';
import { WireError } from '../../../src/gateways/grid/wire/error.ts';
import { OPERATIONS, type AnswerBody } from '../../../src/gateways/grid/wire/operations.ts';
import type { CollectInit } from '../collect/endpoint.ts';
import { wrongAmount } from '../collect/wrong-amount.ts';
import type { BookEntry } from '../platform/book-entry.ts';
import { Unanswered } from '../platform/refusal.ts';
import type { SignOns } from './sign-ons.ts';

export interface StringEndpointInit extends Omit<CollectInit, 'sessions' | 'heard' | 'lost'> {
  readonly signOns: SignOns;
  readonly entry: (orderNo: string) => BookEntry | undefined;
}

const NOTHING = new Uint8Array(0);
const UNDETERMINED: Reply = { response: '99', business: null, remark: '', body: NOTHING };

/** The grid's end of the string profile: a frame in, a frame out, and the place where its faults happen. */
export class StringEndpoint {
  readonly #init: StringEndpointInit;

  constructor(init: StringEndpointInit) {
    this.#init = init;
  }

  /** The answer to a frame, or nothing where the connection breaks. */
  async answer(bytes: Uint8Array): Promise<Buffer | undefined> {
    let frame: Frame;
    try {
      frame = decodeFrame(bytes);
      if (frame.head.direction !== 'Q') return undefined;
    } catch (error) {
      if (error instanceof WireError) return undefined; // no known sender to answer
      throw error;
    }
    try {
      const trade = tradeOf(frame.head.trade);
      if (trade === undefined)
        throw new WireError({ code: 'wire.malformed', message: 'No such transaction.' });
      return trade === 'signOn' ? this.#signOn(frame) : await this.#transact(trade, frame);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      const business = FAULT_CODES[error.code];
      const head = this.#head(frame.head, { ...UNDETERMINED, response: null, business });
      return encodeFrame({ ...head, direction: 'N' }, NOTHING, { signer: this.#init.signOns.own });
    }
  }

  #signOn(frame: Frame): Buffer {
    const { signOns } = this.#init;
    const { agent } = frame.head;
    this.#accept(frame, { verifier: signOns.agent(agent) });
    const reply = { ...UNDETERMINED, response: '00' };
    return encodeFrame(this.#head(frame.head, reply), signOns.open(agent), { signer: signOns.own });
  }

  async #transact(trade: Exclude<Trade, 'signOn'>, frame: Frame): Promise<Buffer | undefined> {
    const { faults, signOns, sleep } = this.#init;
    const armed = faults.take(operationOf(trade, frame.body));
    if (armed?.fault === 'forget-session') signOns.forget();
    signOns.agent(frame.head.agent);
    const key = signOns.keyOf(frame.head);
    this.#accept(frame, { mac: key });
    const asked = decodeRequest(trade, frame.head, frame.body, signOns.own);
    if (armed?.fault === 'before') return undefined;
    if (armed?.fault === 'late') await (armed.ms === undefined ? faults.hold() : sleep(armed.ms));
    if (armed?.fault === 'day-cut') this.#init.cutDay();
    if (armed?.fault === 'duplicate') this.#reply(asked, frame.head, false);
    const reply = this.#reply(asked, frame.head, armed?.fault === 'wrong-amount');
    if (armed?.fault === 'after') return undefined;
    if (armed?.fault === 'delay') {
      faults.onSilence();
      await sleep(armed.ms ?? 0);
    }
    const said = armed?.fault === 'http-500' ? UNDETERMINED : reply;
    const head = this.#head(frame.head, said);
    const nonce = armed?.fault === 'other-id' ? '0'.repeat(32) : head.nonce;
    // A MAC by a key that neither side has.
    const sealer: Sealer = { mac: armed?.fault === 'garbage-signature' ? NOTHING : key };
    return encodeFrame({ ...head, nonce }, said.body, sealer);
  }

  /** Time, then MAC or signature, and last the nonce: only a true frame may use one up. */
  #accept(frame: Frame, verifier: Verifier): void {
    const { signOns } = this.#init;
    signOns.checkTime(frame.head);
    if (!verifies(frame, verifier)) {
      const code = 'mac' in verifier ? 'wire.mac' : 'wire.signature';
      throw new WireError({ code, message: 'The frame does not verify.' });
    }
    signOns.useNonce(frame.head);
  }

  #reply(asked: Asked, { agent }: Head, bent: boolean): Reply {
    const { operation, request, account = false } = asked;
    const to = this.#init.signOns.agent(agent);
    try {
      const answer = this.#operate(asked);
      const { orderNo } = request as { orderNo?: string };
      const written = orderNo !== undefined && this.#init.entry(orderNo)?.planReleased === true;
      return encodeReply(operation, bent ? wrongAmount(answer) : answer, { to, written, account });
    } catch (error) {
      if (error instanceof Unanswered) return UNDETERMINED;
      throw error;
    }
  }

  #operate({ operation, request, gridSerial }: Asked): AnswerBody {
    const parsed = OPERATIONS[operation].request.safeParse(request);
    if (!parsed.success)
      return refused(`The field ${parsed.error.issues[0]?.path.join('.') ?? ''} is wrong.`);
    const { orderNo } = request as { orderNo?: string };
    const sale = orderNo === undefined ? undefined : this.#init.entry(orderNo)?.sale;
    if (gridSerial !== undefined && sale !== undefined && sale.saleNo !== gridSerial) {
      return refused('The rewrite names another serial than the sale has.');
    }
    return this.#init.operate(operation, parsed.data as never);
  }

  #head(asked: Head, { response, business, remark }: Reply): Head {
    return { ...asked, direction: 'A', time: beijingTime(this.#init.now()), response, business, remark };
  }
}

/** Which operation of the contract a transaction is; faults are set by its name. */
function operationOf(trade: Exclude<Trade, 'signOn'>, body: Uint8Array): Offered {
  if (trade === 'query') return queried(body);
  if (trade === 'identifyAccount') return 'identify';
  if (trade === 'customerAccount') return 'identifyCustomer';
  return trade === 'writeData' || trade === 'rewrite' ? 'writePlan' : trade;
}

function refused(message: string): AnswerBody {
  return { result: 'refused', refusal: 'other', message };
}
