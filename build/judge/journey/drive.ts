import type { Channel } from '@bianmin/purchase/api/channels';
import type { PayCode } from '@bianmin/purchase/api/scalars';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import type { PurchaseCommand } from '@bianmin/purchase/purchase/view/command';
import type { HostBridge } from '../../../terminal-app/src/ipc/map.ts';

type Screen = PurchaseView['screen'];

/** A person at a kiosk, without a screen: sees views, gives commands, waits for what must come next. */
export class Patron {
  #bridge: HostBridge;
  readonly #timeoutMs: number;
  #view: PurchaseView = { screen: 'reading' };
  readonly #seen: PurchaseView[] = [];
  readonly #watchers = new Set<() => void>();
  #unsubscribe: () => void;

  /** `timeoutMs`: against hanging alone; what is waited for comes long before, on a busy machine, too. */
  constructor(bridge: HostBridge, timeoutMs = 240_000) {
    this.#bridge = bridge;
    this.#timeoutMs = timeoutMs;
    this.#unsubscribe = this.#watch(bridge);
  }

  async start(): Promise<void> {
    this.#see(await this.#bridge.call('purchase.view', null));
  }

  /** The same person at a host that was started again. */
  async moveTo(bridge: HostBridge): Promise<void> {
    this.#unsubscribe();
    this.#bridge = bridge;
    this.#unsubscribe = this.#watch(bridge);
    await this.start();
  }

  get view(): PurchaseView {
    return this.#view;
  }

  /** Every view since the last `forget()`, for checks on what a person was shown. */
  get seen(): readonly PurchaseView[] {
    return this.#seen;
  }

  forget(): void {
    this.#seen.length = 0;
  }

  async command(command: PurchaseCommand): Promise<void> {
    await this.#bridge.call('purchase.command', command);
  }

  /** The first of these screens to be shown, now or later; fails with what was shown instead. */
  async until<S extends Screen>(...screens: S[]): Promise<Extract<PurchaseView, { screen: S }>> {
    return this.when(
      (view): view is Extract<PurchaseView, { screen: S }> => screens.includes(view.screen as S),
      screens.join(' or '),
    );
  }

  when<V extends PurchaseView>(accept: (view: PurchaseView) => view is V, what: string): Promise<V> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (!accept(this.#view)) return;
        finish();
        resolve(this.#view);
      };
      const timer = setTimeout(() => {
        finish();
        reject(new Error(`Waited for ${what}; shown: ${JSON.stringify(this.#view)}`));
      }, this.#timeoutMs);
      const finish = (): void => {
        clearTimeout(timer);
        this.#watchers.delete(look);
      };
      this.#watchers.add(look);
      look();
    });
  }

  /** Out with the card, from the end of a purchase to the screen for the next person, as one who has read it. */
  async leave(takeOut: () => Promise<void>): Promise<void> {
    await takeOut();
    const isOver = (view: PurchaseView): view is PurchaseView =>
      view.screen === 'wait' || (view.screen === 'done' && view.cardOut === true);
    await this.when(isOver, 'an end without a card');
    if (this.#view.screen === 'done') await this.command({ type: 'finish' });
    await this.until('wait');
  }

  end(): void {
    this.#unsubscribe();
  }

  #watch(bridge: HostBridge): () => void {
    return bridge.on('purchase.view', (view) => {
      this.#see(view);
    });
  }

  #see(view: PurchaseView): void {
    this.#view = view;
    this.#seen.push(view);
    for (const watcher of [...this.#watchers]) watcher();
  }
}

/** From the card in the reader to the code on the screen; of another wallet than the kiosk's first, it is chosen. */
export async function toCode(
  patron: Patron,
  faceFen: number,
  channel?: Channel,
): Promise<{ orderNo: string; codeUrl: string; channel: PayCode }> {
  await patron.until('who');
  await patron.command({ type: 'confirm-card' });
  await patron.until('amount');
  await patron.command({ type: 'choose-amount', faceFen });
  // The code that the kiosk shows by itself: until it is there, it cannot be told which wallet's it is.
  const first = await codeOf(patron);
  if (channel === undefined || first.channel === channel) return first;
  await patron.command({ type: 'choose-channel', channel });
  return codeOf(patron, channel);
}

async function codeOf(
  patron: Patron,
  channel?: Channel,
): Promise<{ orderNo: string; codeUrl: string; channel: PayCode }> {
  return patron.when(
    (view): view is Extract<PurchaseView, { screen: 'pay' }> & { codeUrl: string } =>
      view.screen === 'pay' && view.codeUrl !== null && view.channel === (channel ?? view.channel),
    'a code',
  );
}
