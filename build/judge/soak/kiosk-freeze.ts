import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import { freezePages } from '../../../terminal-app/e2e/frozen-pages.ts';
import { painted, words, type KioskBuyer } from '../bench/kiosk-buyer.ts';
import type { Stack } from '../../run/dev/stack-contract.ts';
import type { SandboxClient } from '../../kit/sandbox-client.ts';
import type { FreezePlan } from './kiosk-mishaps.ts';

type Screen = PurchaseView['screen'];

/** By then after it goes on, the screen says where the sale is, ms. */
const SEEN_MS = 10_000;
/** A page that goes on shows for a moment what it showed before. */
const LOOK_MS = 1_000;
/** By then a page says that its host is silent: a sign of life, and its patience with the answer. */
const AWAY_MS = 10_000;
/** Screens that the money brings about. A question that was under way may have been given up, which is tried again by itself. */
const PAID: readonly Screen[] = [
  ...(['selling', 'grid-silent', 'writing', 'done'] as const),
  ...(['pulled', 'resume', 'refund'] as const),
];

interface FrozenSale {
  readonly page: Page;
  readonly buyer: KioskBuyer;
  readonly sandbox: SandboxClient;
  readonly stack: Stack;
  /** What a screen said that it should not have is added here. */
  readonly faults: string[];
  readonly home: { readonly cardId: string };
  readonly plan: FreezePlan;
}

/** One purchase up to the money, while host or page stands still at one step of it; what is left is the visit's. */
export async function buyFrozen(of: FrozenSale): Promise<void> {
  const { page, buyer, sandbox, home, plan } = of;
  await buyer.putIn(home.cardId);
  const confirm = (): Promise<void> => buyer.press(words('who.yes'));
  if (plan.when === 'who') await frozen(of, { press: confirm });
  else await confirm();
  await shows(of, ['amount']);
  const choose = (): Promise<void> => buyer.press(words('amount.yuan', { yuan: '50' }));
  if (plan.when === 'amount') await frozen(of, { press: choose });
  else await choose();
  await shows(of, ['pay']);
  const codeUrl = await buyer.code();
  if (plan.when === 'pay') {
    await frozen(of, {});
    // Nobody paid: the same code, or none where its time was over.
    if ((await shows(of, ['pay', 'expired'])) !== 'pay') return;
    const now = await buyer.code(LOOK_MS).catch(() => undefined);
    // Its time is over as we look: the kiosk asks whether it was paid.
    if (now === undefined) return;
    if (now !== codeUrl) of.faults.push(`another code is on the screen after ${said(plan)}`);
  }
  if (plan.when === 'paid') await frozen(of, { meanwhile: () => sandbox.pay(codeUrl) });
  else await sandbox.pay(codeUrl);
  if (plan.when === 'writing') {
    await painted(page, ['writing', 'done']);
    await frozen(of, {});
  }
  await shows(of, PAID);
}

/** A press waits in a frozen host; a frozen page can be pressed when it goes on. */
async function frozen(
  of: FrozenSale,
  during: { readonly press?: () => Promise<void>; readonly meanwhile?: () => Promise<void> },
): Promise<void> {
  const { page, stack, faults, plan } = of;
  const ofHost = plan.what === 'host-frozen';
  const until = performance.now() + plan.ms;
  const thaw = ofHost ? hostOf(stack).standStill() : await freezePages(browserOf(page));
  try {
    if (ofHost) await during.press?.();
    await during.meanwhile?.();
    if (ofHost && plan.ms > AWAY_MS) {
      const away = page.locator('.away').waitFor({ timeout: AWAY_MS });
      await away.catch(() => faults.push(`the page did not say that its host is silent (${said(plan)})`));
    }
    await sleep(Math.max(0, until - performance.now()));
  } finally {
    thaw();
  }
  await sleep(LOOK_MS);
  if (!ofHost) await during.press?.();
}

/** The first of these that is on the screen; one that does not come soon is a fault, and waited for all the same. */
async function shows(of: FrozenSale, screens: readonly Screen[]): Promise<Screen> {
  try {
    return await painted(of.page, screens, SEEN_MS);
  } catch (error) {
    of.faults.push(`${said(of.plan)}: ${error instanceof Error ? error.message : String(error)}`);
    return painted(of.page, screens);
  }
}

function hostOf(stack: Stack): NonNullable<ReturnType<Stack['program']>> {
  const host = stack.program('kiosk');
  if (host === undefined) throw new Error('The kiosk has no process.');
  return host;
}

function browserOf(page: Page): NonNullable<ReturnType<ReturnType<Page['context']>['browser']>> {
  const browser = page.context().browser();
  if (browser === null) throw new Error('The page has no browser.');
  return browser;
}

function said({ what, when, ms }: FreezePlan): string {
  return `${what} at ${when} for ${(ms / 1000).toFixed(1)} s`;
}
