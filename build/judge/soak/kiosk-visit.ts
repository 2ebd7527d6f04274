import type { BrowserContext, Page } from 'playwright-core';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import type { GridSandbox } from '../../../server/sandbox/grid/sandbox.ts';
import { KioskBuyer, openKiosk, painted, screenOf, words } from '../bench/kiosk-buyer.ts';
import type { Stack } from '../../run/dev/stack-contract.ts';
import type { SandboxClient } from '../../kit/sandbox-client.ts';
import { buyFrozen } from './kiosk-freeze.ts';
import type { FreezePlan, KioskPlan } from './kiosk-mishaps.ts';

type Screen = PurchaseView['screen'];

/** How long one visit may take before the person goes home; what is open then is finished when all is at rest. */
const VISIT_MS = 90_000;
/** A screen that stays as it is this long needs a hand. */
const LOOK_MS = 8_000;
const PRESS_MS = 2_000;
/** Screens after which the person does something. */
const TURNS: readonly Screen[] = ['resume', 'pulled', 'done', 'problem', 'who', 'wait', 'refund', 'expired'];

export interface Home {
  readonly cardId: string;
  readonly meterNo: string;
}

export interface VisitsInit {
  readonly stack: Stack;
  readonly grid: GridSandbox;
  readonly sandbox: SandboxClient;
  readonly context: BrowserContext;
}

/** People at one kiosk, one after the other, whatever happens to it meanwhile. */
export class KioskVisits {
  /** What a screen said that it should not have. */
  readonly faults: string[] = [];
  readonly #init: VisitsInit;
  #page: Page;

  private constructor(init: VisitsInit, page: Page) {
    this.#init = init;
    this.#page = page;
  }

  static async open(init: VisitsInit): Promise<KioskVisits> {
    const page = await openKiosk(init.context, await init.stack.kioskUrl());
    await painted(page, ['wait']);
    return new KioskVisits(init, page);
  }

  get page(): Page {
    return this.#page;
  }

  /** From the card in the reader to the card in the meter. */
  async buy(home: Home, plan: KioskPlan): Promise<void> {
    const { sandbox, stack } = this.#init;
    await this.#buyer.putIn(home.cardId);
    let codeUrl = await this.#buyer.toCode();
    if (plan.when === 'pay') {
      await this.#strike(plan);
      codeUrl = await this.#sameCode(codeUrl, plan, home);
    }
    if (plan.what === 'pulled') {
      await sandbox.readerFaults(stack.readerId, { removeAfterApdus: plan.apdus });
    }
    await sandbox.pay(codeUrl);
    if (plan.when === 'paid') await this.#strike(plan);
    await this.#toEnd(home);
    await sandbox.readerFaults(stack.readerId, {});
    this.#init.grid.world.insert(home.meterNo, home.cardId);
  }

  /** The same, while host or page stands still at one step of it. */
  async buyFrozen(home: Home, plan: FreezePlan): Promise<void> {
    const { sandbox, stack, grid } = this.#init;
    await buyFrozen({
      page: this.#page,
      buyer: this.#buyer,
      sandbox,
      stack,
      faults: this.faults,
      home,
      plan,
    });
    await this.#toEnd(home);
    grid.world.insert(home.meterNo, home.cardId);
  }

  /** Puts the card in once more, lets the kiosk finish what it finds, and visits the meter. */
  async settle(home: Home): Promise<void> {
    await this.#init.sandbox.insert(this.#init.stack.readerId, home.cardId);
    await this.#toEnd(home);
    this.#init.grid.world.insert(home.meterNo, home.cardId);
  }

  /** Whatever the last visit left behind is cleared away; what is open is finished when all is at rest. */
  async clear(): Promise<void> {
    const { sandbox, stack } = this.#init;
    await sandbox.readerFaults(stack.readerId, {});
    await this.#page.reload();
    await this.#page.locator('.stage').waitFor();
    await this.#leave();
  }

  get #buyer(): KioskBuyer {
    const { sandbox, stack } = this.#init;
    return new KioskBuyer({ page: this.#page, sandbox, readerId: stack.readerId });
  }

  async #strike({ what }: KioskPlan): Promise<void> {
    const { stack } = this.#init;
    switch (what) {
      case 'none':
      case 'pulled':
        return;
      case 'server':
        await stack.kill('web');
        await stack.restart('web');
        return;
      case 'reload':
        await this.#page.reload();
        await this.#page.locator('.stage').waitFor();
        return;
      case 'crash':
        await this.#crash();
        return;
      case 'host':
        await stack.kill('kiosk');
        await stack.restart('kiosk');
    }
  }

  /** The page's process dies, and the page is opened again. */
  async #crash(): Promise<void> {
    const { context, stack } = this.#init;
    const session = await context.newCDPSession(this.#page);
    const crashed = this.#page.waitForEvent('crash');
    // Nothing answers it any more.
    session.send('Page.crash').catch(() => undefined);
    await crashed;
    await this.#page.close();
    this.#page = await openKiosk(context, await stack.kioskUrl());
  }

  /** The code after something happened while it was on the screen: the same one, or a new one of a new host. */
  async #sameCode(codeUrl: string, { what }: KioskPlan, home: Home): Promise<string> {
    if (what === 'host') return this.#codeAgain(home);
    await painted(this.#page, ['pay']);
    const now = await this.#buyer.code();
    if (now !== codeUrl) this.faults.push(`another code is on the screen after ${what}`);
    return now;
  }

  /** A host that was started again knows of no unpaid order: the card is put in again, and the purchase begins anew. */
  async #codeAgain(home: Home): Promise<string> {
    const { sandbox, stack } = this.#init;
    const until = performance.now() + VISIT_MS;
    for (;;) {
      await sandbox.eject(stack.readerId);
      await painted(this.#page, ['wait']);
      await sandbox.insert(stack.readerId, home.cardId);
      if ((await painted(this.#page, ['who', 'problem'])) === 'who') return this.#buyer.toCode();
      if (performance.now() > until) throw new Error('The order of a host that died is in the way for good.');
    }
  }

  /** Until the card is written and out, or there is nothing to be done with it here. */
  async #toEnd(home: Home): Promise<void> {
    const { sandbox, stack } = this.#init;
    const until = performance.now() + VISIT_MS;
    while (performance.now() < until) {
      const screen = await painted(this.#page, TURNS, LOOK_MS).catch(() => screenOf(this.#page));
      switch (screen) {
        case 'resume':
          // A claim that was delivered meanwhile takes the question away.
          await this.#press(words('resume.go')).catch(() => undefined);
          break;
        case 'pulled':
          await sandbox.insert(stack.readerId, home.cardId).catch(() => undefined);
          await painted(this.#page, ['reading', 'writing', 'done', 'problem'], LOOK_MS).catch(
            () => undefined,
          );
          break;
        case 'done':
        case 'who':
        case 'problem':
        case 'refund':
        case 'expired':
          await this.#leave();
          return;
        case 'wait':
          // It left the reader, or the host was started again without having seen it.
          await sandbox.insert(stack.readerId, home.cardId).catch(() => undefined);
          await painted(this.#page, ['reading', 'resume', 'who', 'problem'], LOOK_MS).catch(() => undefined);
          break;
        default:
          break;
      }
    }
    await this.#leave();
  }

  /** The next person need not wait until an end screen makes room. */
  async #leave(): Promise<void> {
    await this.#init.sandbox.eject(this.#init.stack.readerId);
    const ends = ['wait', 'pulled', 'done', 'problem', 'refund', 'expired'] as const;
    if ((await painted(this.#page, ends)) !== 'pulled') return;
    await this.#press(words('action.finish')).catch(() => undefined);
    await painted(this.#page, ['wait']);
  }

  async #press(text: string): Promise<void> {
    const button = this.#page.locator('.stage').getByRole('button', { name: text, exact: true });
    await button.click({ timeout: PRESS_MS });
  }
}
