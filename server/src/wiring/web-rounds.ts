import { startRounds } from '../adapters/queue/rounds.ts';
import type { Deps } from '../config/deps.ts';
import { CUT_OFF_EVERY_MS } from '../fleet/terminals/cut-off.ts';
import { LISTEN_EVERY_MS } from '../fleet/terminals/hearing.ts';
import { sayBeatsAreTaken } from '../fleet/terminals/listening.ts';
import { keepNotes } from '../insight/alerts/notes.ts';
import type { OrderStreams } from '../orders/desk/order-streams.ts';
import type { Features } from './features.ts';
import { isRedisAway, shareReach } from './stand-ins.ts';
import { followKeys } from './payment-keys.ts';

/** Between two questions to a payment channel that does not answer. */
const PROBE_MS = 15_000;
/** How often approvals that were accepted but not carried out are looked for. */
const RESUME_MS = 15_000;
const PURGE_MS = 3_600_000;

/** What the web process does again and again. Gives what ends all of it. */
export async function startWebRounds(
  deps: Deps,
  { services, access, fleet, staff, complaints, archive, releases }: Features,
  { streams, notReady }: { readonly streams: OrderStreams; readonly notReady: () => string | undefined },
): Promise<() => Promise<void>> {
  const { clock, log } = deps;
  const rounds = (what: string, everyMs: number, work: () => Promise<number>) =>
    startRounds({ work, everyMs, what, clock, log });
  services.notifications.onComplaint((channel) => {
    complaints.fetch().catch((error: unknown) => {
      log.error({ err: error, channel }, 'complaints that a wallet told of could not be fetched');
    });
  });
  const stops = [
    followKeys(deps),
    await keepNotes(deps, 'web', { watch: services.watch, releases: releases?.releases }),
    rounds('old refused notifications', PURGE_MS, () => archive.purge()),
    rounds('channels that are down', PROBE_MS, () => services.watch.probe()),
    await shareReach(deps),
    rounds('that beats are taken', LISTEN_EVERY_MS, () =>
      sayBeatsAreTaken({
        ...{ hearing: fleet.board.hearing, cutOff: fleet.cutOff },
        notReady: () => notReady() ?? (isRedisAway(deps) ? 'Redis does not answer' : undefined),
        marks: deps.marks ?? deps.redis,
      }).then(Number),
    ),
    rounds('who was cut off', CUT_OFF_EVERY_MS, async () => {
      const known = await fleet.cutOff.refresh();
      streams.endOf(fleet.cutOff.ids);
      return known;
    }),
    // What a crash left accepted but undone is done, and the grid is told what it has not heard.
    rounds('approvals', RESUME_MS, () =>
      access.approvals.resume((error, id) => {
        log.error({ err: error, approval: id }, 'an approval could not be carried out');
      }),
    ),
    rounds('replacement cards', RESUME_MS, () => staff.confirms.resume()),
  ];
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
}
