import type { AccessServices } from './access.ts';
import type { Deps } from '../config/deps.ts';
import type { Services } from './orders.ts';
import { NumberSeal } from '../kernel/sealed-number.ts';
import { BindingBook } from '../people/residents/binding-book.ts';
import { BindingStore } from '../people/residents/binding-store.ts';
import { Bindings } from '../people/residents/bindings.ts';
import { BoxHomes } from '../people/residents/box-homes.ts';
import { CodeDesk } from '../people/residents/code-desk.ts';
import { CodeStore } from '../people/residents/code-store.ts';
import { OneTimeCodes } from '../people/residents/codes.ts';
import { DailyLimits } from '../people/residents/daily-limits.ts';
import { ownerOf, PayerOrders } from '../people/residents/payer-orders.ts';
import { RESIDENT_POLICY, type ResidentPolicy } from '../people/residents/policy.ts';
import { Proofs } from '../people/residents/proofs.ts';
import { PayerSessionStore } from '../people/residents/session-store.ts';
import { PayerSessions } from '../people/residents/sessions.ts';

/** What of residents the order engine is made with, and what the rest is made of. */
export interface ResidentCodes {
  readonly codes: OneTimeCodes;
  readonly seal: NumberSeal;
  readonly proofs: Proofs;
  readonly policy: ResidentPolicy;
}

/** Residents' own top-up, wired once for each web process. */
export interface ResidentServices {
  readonly sessions: PayerSessions;
  readonly codes: CodeDesk;
  readonly bindings: Bindings;
  readonly proofs: Proofs;
  readonly orders: PayerOrders;
  readonly boxes: BoxHomes;
}

/** The part that the order engine asks about proofs; made before it. */
export async function createResidentCodes(
  deps: Pick<Deps, 'db' | 'clock' | 'config'>,
  access: Pick<AccessServices, 'audit' | 'guesses'>,
  parts: { readonly policy?: ResidentPolicy; readonly draw?: () => number } = {},
): Promise<ResidentCodes> {
  const { db, clock, config } = deps;
  const policy = parts.policy ?? RESIDENT_POLICY;
  const keys = config.DATA_KEYS;
  const store = new CodeStore(db);
  await store.prepare();
  const codes = new OneTimeCodes({ store, clock, keys, ...(parts.draw && { draw: parts.draw }) });
  const seal = new NumberSeal(keys);
  return {
    codes,
    seal,
    policy,
    proofs: new Proofs({ codes, seal, ...{ guesses: access.guesses, audit: access.audit }, policy }),
  };
}

/** Makes the indexes and wires the rest. */
export async function createResidents(
  deps: Pick<Deps, 'db' | 'clock' | 'config' | 'log' | 'bindingCodes'>,
  made: ResidentCodes,
  from: {
    readonly access: Pick<AccessServices, 'audit' | 'guesses' | 'limiter'>;
    readonly services: Pick<
      Services,
      'remote' | 'unheard' | 'orders' | 'history' | 'store' | 'receipts' | 'links' | 'mover'
    >;
  },
): Promise<ResidentServices> {
  const { db, clock, config, log } = deps;
  const { codes, seal, policy, proofs } = made;
  const { audit, guesses, limiter } = from.access;
  const { remote, unheard, orders, history, store, receipts, links, mover } = from.services;
  const bindingStore = new BindingStore(db, 'phones', seal);
  const boxStore = new BindingStore(db, 'boxes', seal);
  const sessionStore = new PayerSessionStore(db);
  await Promise.all([bindingStore.prepare(), boxStore.prepare(), sessionStore.prepare()]);
  const desk = new CodeDesk({
    ...{ codes, sender: deps.bindingCodes, seal },
    ...{ limiter, guesses, audit, log, policy },
  });
  const common = { seal, audit, clock, policy };
  const bindings = phoneBindings(bindingStore, common, { codes: desk, remote });
  const boxes = new BoxHomes({
    book: boxBook(boxStore, common),
    ...{ remote, history, store, clock },
  });
  const limits = new DailyLimits({
    store: bindingStore,
    find: (binding, key) => store.byIdempotencyKey(ownerOf(binding.payerId), key),
    clock,
    policy,
  });
  return {
    sessions: new PayerSessions({
      store: sessionStore,
      limiter,
      clock,
      policy,
      secure: config.PUBLIC_URL.startsWith('https:'),
      onStretch: (payerId, until) => bindingStore.stretch(payerId, until),
    }),
    codes: desk,
    bindings,
    boxes,
    proofs,
    orders: new PayerOrders({
      bindings,
      limits,
      ...{ remote, unheard },
      orders,
      store,
      receipts,
      links,
      paymentTtlMs: mover.policy.paymentTtlMs,
      clock,
    }),
  };
}

type BookParts = Pick<ResidentCodes, 'seal' | 'policy'> & Pick<AccessServices, 'audit'> & Pick<Deps, 'clock'>;

/** Households of phones. */
function phoneBindings(
  store: BindingStore,
  { policy, ...common }: BookParts,
  from: Pick<Services, 'remote'> & { readonly codes: CodeDesk },
): Bindings {
  return new Bindings({
    book: new BindingBook({
      ...{ store, holders: 'payer', ...common },
      limits: {
        perHolder: policy.bindingsPerPayer,
        perCustomer: policy.payersPerCustomer,
        keepMs: policy.sessionMs,
      },
    }),
    codes: from.codes,
    describe: (customerNo) => from.remote.describe(customerNo),
  });
}

/** Households of boxes. */
function boxBook(store: BindingStore, { policy, ...common }: BookParts): BindingBook {
  return new BindingBook({
    ...{ store, holders: 'terminal', ...common },
    limits: {
      perHolder: policy.homesPerBox,
      perCustomer: policy.boxesPerCustomer,
      keepMs: policy.boxHomeMs,
    },
  });
}
