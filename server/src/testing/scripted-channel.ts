import { PaymentError } from '../gateways/payment/error.ts';
import type { PaymentChannel } from '../gateways/payment/contract.ts';
import { PaymentSources } from '../orders/desk/payment-sources.ts';

type Scripted = Pick<PaymentChannel, 'create' | 'query' | 'close' | 'refund' | 'queryRefund'>;
/** What it answers to one operation, in turn; an error is thrown. */
export type Script = {
  readonly [Name in keyof Scripted]?: readonly (Awaited<ReturnType<Scripted[Name]>> | Error)[];
};

/** WeChat that answers what it is told to, and keeps what it was asked. A question without an answer is a fault. */
export class ScriptedChannel {
  /** In turn: the operation and what it was asked with. */
  readonly asked: unknown[][] = [];
  readonly sources: PaymentSources;
  /** Called before each answer: what happens while the channel thinks. */
  meanwhile: () => Promise<unknown> = async () => undefined;
  readonly #script: Record<string, unknown[]>;

  constructor(script: Script) {
    this.#script = Object.fromEntries(Object.entries(script).map(([name, answers]) => [name, [...answers]]));
    const ask =
      (name: string) =>
      (...about: unknown[]) =>
        this.#answer(name, about);
    const channel = new Proxy({}, { get: (_, name) => ask(String(name)) }) as PaymentChannel;
    this.sources = new PaymentSources({ channels: new Map([['wechat', channel]]) });
  }

  /** The operations, in turn. */
  get names(): unknown[] {
    return this.asked.map(([name]) => name);
  }

  async #answer(name: string, about: unknown[]): Promise<unknown> {
    this.asked.push([name, ...about]);
    await this.meanwhile();
    const answers = this.#script[name] ?? [];
    if (answers.length === 0) throw new Error(`It was not to be asked: ${name}.`);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  }
}

/** Makes what speaks with such a channel, anew for each script. */
export function atChannel<Desk>(
  make: (sources: PaymentSources) => Desk,
): (script: Script) => { readonly channel: ScriptedChannel; readonly desk: Desk } {
  return (script) => {
    const channel = new ScriptedChannel(script);
    return { channel, desk: make(channel.sources) };
  };
}

/** A channel that did not say, as its port tells it. */
export function channelError(
  code: ConstructorParameters<typeof PaymentError>[0]['code'] = 'payment.unknown',
): PaymentError {
  return new PaymentError({ code, message: `Said ${code}.` });
}
