import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { cardLayoutsAnswer } from '@bianmin/purchase/api/card-layouts';
import { ApiError } from '@bianmin/purchase/api/client-error';
import { releaseRootAnswer } from '@bianmin/purchase/api/release-root';
import { releaseKeyOf } from '@bianmin/purchase/node/signed-document';
import { cardWorkBy } from '@bianmin/purchase/purchase/card-work';
import { PurchaseFlow } from '@bianmin/purchase/purchase/flow';
import type { OfferCash } from '@bianmin/purchase/purchase/ports';
import type { PurchaseTimings } from '@bianmin/purchase/purchase/timings';
import { LentSlots } from '@bianmin/purchase/remote-card/lent-slots';
import type { Around } from './around.ts';
import type { Basis } from './basis.ts';
import { KeptFile } from '../files/kept-file.ts';
import { keptLayouts, LayoutKeeper } from './card-layouts.ts';
import { chipsSeen } from './chips-seen.ts';
import { unlessBlocked } from './commands/blocked-sales.ts';
import { OrderStream } from './order-stream.ts';
import { openSlots, type OpenSlots, type StartReaderChild } from './readers.ts';
import { bornRoot, keptTrust, ReleaseTrust } from './release-trust.ts';
import { Visit } from './visit.ts';

export interface PurchaseInit {
  /** Default: every reader of this machine, and the sandbox's. */
  readonly slots?: OpenSlots | undefined;
  readonly timings?: Partial<PurchaseTimings> | undefined;
}

/** The readers, and the purchase that residents make at them. */
export interface HostPurchase {
  readonly flow: PurchaseFlow;
  readonly visit: Visit;
  readonly feed: OrderStream;
  /** Who says whether cash may be taken: the desk of staff, once there is one. */
  readonly counter: { offerCash: OfferCash };
  /** Where which maker's cards have what. */
  readonly layouts: LayoutKeeper;
  /** Who may say so, and release; undefined where this terminal was told of nobody. */
  readonly trust: ReleaseTrust | undefined;
  readonly slots: OpenSlots;
  /** The same readers, as sessions from afar borrow them. */
  readonly lender: LentSlots;
  readonly lastChip: ReturnType<typeof chipsSeen>['last'];
}

export async function openPurchase(
  basis: Basis,
  {
    server,
    board,
    startDeviceChild,
  }: Pick<Around, 'server' | 'board'> & {
    readonly startDeviceChild: StartReaderChild;
  },
  init: PurchaseInit,
): Promise<HostPurchase> {
  const { env, clock, log, counts, identity, journal, onFault } = basis;
  const visit = new Visit();
  const api = visit.within(server.client);
  const feed = new OrderStream({
    api: { streamUrl: (lastEventId) => api.streamUrl(lastEventId), order: (orderNo) => api.order(orderNo) },
    ...{ clock, log },
  });
  const slots = init.slots ?? (await readersOf(basis, startDeviceChild));
  // Asked once a card is put in, when there is a flow.
  const serving = { busy: () => false };
  const counter: HostPurchase['counter'] = { offerCash: noDesk };
  const lender = new LentSlots({ source: slots, busy: () => serving.busy() });
  const trust = trustOf(basis, server);
  const layouts = layoutsOf(basis, { server, trust, busy: () => serving.busy() });
  const chips = chipsSeen(cardWorkBy(layouts.recognise), (chip) => {
    counts.card(chip);
  });
  const flow = new PurchaseFlow({
    slots: lender.residents,
    api: unlessBlocked(api, () => board.status.blocked),
    offerCash: (orderNo, by) => counter.offerCash(orderNo, by),
    ...{ feed, journal, clock, cards: chips.cards, newKey: randomUUID },
    unseal: (jwe) => identity.unseal(jwe),
    settings: { entry: env.ENTRY, channel: 'any' },
    skewMs: () => server.serverClock.skewMs,
    onFault: (where, error) => {
      visit.run(() => {
        onFault(where, error);
      });
    },
    ...(init.timings === undefined ? {} : { timings: init.timings }),
  });
  serving.busy = () => flow.busy;
  return { flow, visit, feed, counter, layouts, trust, slots, lender, lastChip: chips.last };
}

function noDesk(): Promise<never> {
  return Promise.reject(
    new ApiError({ code: 'float.none', status: 0, message: 'Staff have no desk at this terminal yet.' }),
  );
}

function trustOf({ env, clock, onFault }: Basis, server: Around['server']): ReleaseTrust | undefined {
  const born = bornRoot(env);
  if (born === undefined) return undefined;
  return new ReleaseTrust({
    born,
    fetch: (have) => server.client.read(`/v1/release-root?have=${have}`, releaseRootAnswer.optional()),
    file: new KeptFile(join(env.BIANMIN_DATA_DIR, 'release-trust.json'), keptTrust),
    ...{ clock, serverClock: server.serverClock, onFault },
  });
}

function layoutsOf(
  { env, journal, clock, onFault }: Basis,
  of: Pick<Around, 'server'> & Pick<HostPurchase, 'trust'> & { readonly busy: () => boolean },
): LayoutKeeper {
  const { server, trust, busy } = of;
  const { BIANMIN_RELEASE_KEY: formerKey, BIANMIN_DATA_DIR: folder } = env;
  return new LayoutKeeper({
    trust,
    formerKey: formerKey === undefined ? undefined : releaseKeyOf(formerKey),
    fetch: (have, root) =>
      server.client.read(`/v1/terminal/card-layouts?have=${have}&root=${root}`, cardLayoutsAnswer.optional()),
    file: new KeptFile(join(folder, 'card-layouts.json'), keptLayouts),
    ...{ journal, busy, clock, onFault },
  });
}

function readersOf(
  { env, onFault }: Pick<Basis, 'env' | 'onFault'>,
  startReaderChild: StartReaderChild,
): Promise<OpenSlots> {
  const url = env.BIANMIN_SANDBOX_URL;
  return openSlots({
    sandbox: url === undefined ? undefined : { url, readerId: env.BIANMIN_READER_ID },
    ...{ startReaderChild, onFault },
  });
}
