import { createPinia, PiniaVuePlugin, setActivePinia } from 'pinia';
import Vue, { type PluginFunction } from 'vue';
import { beforeEach, describe, expect, it } from 'vitest';
import { CodedError } from '@bianmin/card/errors';
import { settled } from '@bianmin/card/testing/manual-clock';
import type { History, HomeView, Purchase } from '@bianmin/purchase/api/home';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import type { Households } from '../box/households.ts';
import type { PhoneState } from '../box/phone-visit.ts';
import { usePages } from './pages.ts';

const piniaPlugin: unknown = PiniaVuePlugin;
Vue.use(piniaPlugin as PluginFunction<unknown>);

const WAIT: PurchaseView = { screen: 'wait', reader: 'R', withoutCard: true };
const WHO: PurchaseView = {
  screen: 'who',
  household: { name: '张*', address: '*', customerNo: '*', balanceFen: 0, balanceAt: null, arrearsFen: 0 },
};
const home = (id: string): HomeView => ({ id, customer: { name: '张*', address: '*', customerNo: '*' } });
const purchase = (orderNo: string): Purchase => ({
  ...{ orderNo, at: '2026-11-25T06:03:00Z', faceFen: 5000, creditFen: 5000 },
  ...{ kind: 'card', entry: 'kiosk', outcome: 'on-card' },
});
const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => String(from + index));

/** A server whose answers come when a test says so. */
class Server implements Households {
  kept = ['a', 'b', 'c', 'd'].map(home);
  readonly asked: string[] = [];
  fault: string | undefined;
  #held: (() => void)[] | undefined;

  list = () => this.#answer('list', this.kept);
  remember = (orderNo: string) => this.#answer(`remember ${orderNo}`, home('e'));
  forget = (homeId: string) => {
    this.kept = this.kept.filter(({ id }) => id !== homeId);
    return this.#answer(`forget ${homeId}`, this.kept);
  };
  history = (homeId: string | null, before?: string): Promise<History> => {
    const page = before === undefined ? numbers(1, 21) : numbers(21, 23);
    return this.#answer(`history ${homeId ?? 'card'} ${before ?? ''}`, {
      purchases: page.map(purchase),
      next: before === undefined ? '20' : null,
    });
  };

  hold(): void {
    this.#held = [];
  }

  async answer(): Promise<void> {
    for (const give of this.#held ?? []) give();
    this.#held = undefined;
    await settled();
  }

  async #answer<T>(question: string, answer: T): Promise<T> {
    this.asked.push(question);
    const { fault } = this;
    await new Promise<void>((resolve) => {
      if (this.#held === undefined) resolve();
      else this.#held.push(resolve);
    });
    if (fault !== undefined) throw new CodedError({ code: fault, message: 'As the test said.' });
    return answer;
  }
}

let server: Server;
let pages: ReturnType<typeof usePages>;
/** What was asked of the phone's visit, and how it answers. */
let did: string[];
let hear: (state: PhoneState | null) => void;
beforeEach(() => {
  did = [];
  setActivePinia(createPinia());
  server = new Server();
  pages = usePages();
  pages.start({
    households: server,
    phone: {
      open: async () => void did.push('open'),
      decline: () => void did.push('decline'),
      leave: () => {
        did.push('leave');
        hear(null);
      },
    },
    onPhone: (listener) => (hear = listener),
  });
});

describe('the pages of the box', () => {
  it('turn by rows, and a household that was removed leaves no empty page', async () => {
    pages.open({ is: 'homes' });
    await settled();
    pages.turn(1);
    expect(pages.from).toBe(3);
    pages.turn(1);
    expect(pages.from).toBe(3);
    pages.forget('d');
    await settled();
    expect([pages.from, pages.homes?.length]).toEqual([0, 3]);
  });

  it('ask for older purchases only when they are turned to, and once', async () => {
    pages.open({ is: 'history' });
    await settled();
    for (let turn = 0; turn < 4; turn += 1) pages.turn(1);
    expect([pages.from, server.asked]).toEqual([16, ['history card ']]);
    server.hold();
    pages.turn(1);
    pages.turn(1);
    await server.answer();
    expect([pages.from, pages.purchases?.length, pages.older]).toEqual([20, 22, null]);
    expect(pages.purchases?.map(({ orderNo }) => orderNo)).toEqual(numbers(1, 23));
    pages.turn(-1);
    expect(pages.from).toBe(16);
  });

  it('take no answer that was meant for a page which is gone', async () => {
    server.hold();
    pages.open({ is: 'history', home: home('a') });
    pages.back();
    await server.answer();
    expect([pages.page, pages.purchases]).toEqual([{ is: 'homes' }, null]);
    expect(pages.homes).toHaveLength(4);
  });

  it('say why there is nothing, and load it when asked again', async () => {
    server.fault = 'server.unavailable';
    pages.open({ is: 'homes' });
    await settled();
    expect([pages.trouble, pages.homes]).toEqual(['server.unavailable', null]);
    server.fault = undefined;
    pages.load();
    await settled();
    expect([pages.trouble, pages.homes?.length]).toEqual([null, 4]);
  });

  it('lie only before the screen that they were opened from, and go with it', () => {
    pages.open({ is: 'homes' });
    expect([pages.liesBefore(WAIT), pages.liesBefore(WHO)]).toEqual([true, false]);
    pages.follow({ screen: 'recalling' });
    expect(pages.page).not.toBeNull();
    pages.follow(WHO);
    expect(pages.page).toBeNull();
    pages.open({ is: 'history' });
    expect([pages.liesBefore(WAIT), pages.liesBefore(WHO)]).toEqual([false, true]);
    pages.follow(WAIT);
    expect(pages.page).toBeNull();
  });

  it('remember a household once, and say what became of it', async () => {
    pages.remember('1');
    expect(pages.remembered).toEqual({ orderNo: '1', is: 'busy' });
    await settled();
    expect(pages.remembered?.is).toBe('done');
    server.fault = 'binding.too-many';
    pages.remember('2');
    await settled();
    expect(pages.remembered).toEqual({ orderNo: '2', is: 'full' });
    server.fault = 'server.unavailable';
    pages.remember('3');
    await settled();
    expect(pages.remembered?.is).toBe('failed');
  });

  it('know whether the box keeps any household, from one question that is not waited for', async () => {
    expect(pages.keepsAny).toBeNull();
    server.fault = 'server.unavailable';
    pages.learn();
    await settled();
    expect([pages.keepsAny, pages.trouble]).toEqual([null, null]);
    server.fault = undefined;
    pages.learn();
    await settled();
    pages.learn();
    expect([pages.keepsAny, server.asked]).toEqual([true, ['list', 'list']]);
    for (const id of ['a', 'b', 'c', 'd']) {
      pages.forget(id);
      await settled();
    }
    expect(pages.keepsAny).toBe(false);
    pages.remember('1');
    await settled();
    expect(pages.keepsAny).toBe(true);
  });
});

describe('the page of the phone', () => {
  const AMOUNT: PurchaseView = {
    screen: 'amount',
    household: { name: '张*', address: '*', customerNo: '*', balanceFen: 0, balanceAt: null, arrearsFen: 0 },
    limits: { minFen: 1000, maxFen: 50_000, stepFen: 100, presetsFen: [5000] },
    busyFen: null,
  };

  it('has a visit opened, lies before the amount, and goes when an order is made; the visit goes on', () => {
    pages.open({ is: 'phone' });
    hear({ is: 'chosen', faceFen: 5000 });
    expect([did, pages.liesBefore(AMOUNT), pages.liesBefore(WHO)]).toEqual([['open'], true, false]);
    pages.follow({ ...AMOUNT, busyFen: 5000 });
    expect([pages.page, did, pages.phone?.is]).toEqual([null, ['open'], 'chosen']);
  });

  it('ends the visit by "back", goes with it, and comes back for what the phone chooses', () => {
    pages.open({ is: 'phone' });
    pages.back();
    expect([pages.page, did]).toEqual([null, ['open', 'leave']]);
    hear({ is: 'here' });
    expect(pages.page).toBeNull();
    hear({ is: 'chosen', faceFen: 5000 });
    expect(pages.page).toEqual({ is: 'phone' });
    pages.decline();
    expect(did.at(-1)).toBe('decline');
    hear(null);
    expect(pages.page).toBeNull();
  });
});
