import { equalBytes } from '../../bytes/compare.ts';
import { dumpCard, triesOf } from '../dump-card.ts';
import type { Dump } from '../dump-form.ts';
import { shapeOf } from '../zones.ts';
import type { Observation } from './report-form.ts';
import { observed, withCard, type Visit } from './visit.ts';

/** Which chip it is, and by what. */
export function identifyStep(visit: Visit): Promise<Observation[]> {
  return withCard(visit, ({ driver, decidedBy }, whole) =>
    Promise.resolve(
      observed({
        'chip.name': driver.chip,
        'chip.decided-by': decidedBy,
        'chip.variant': shapeOf(whole.driver).variant,
      }),
    ),
  );
}

/** All that is readable without a code, read twice on fresh power; kept is where something is, never what. */
export async function zonesStep(visit: Visit): Promise<Observation[]> {
  const read = (): Promise<Dump> => withCard(visit, (_card, whole) => dumpCard(whole));
  const first = await read();
  const second = await read();
  const seen = first.zones.flatMap(({ zone, length, data, protected: spans }, at) => {
    const name = `zone.${zone.toLowerCase().replace(/[^a-z0-9]+/gu, '-')}`;
    return observed({
      ...{ [`${name}.bytes`]: length, [`${name}.readable`]: data !== undefined },
      [`${name}.same`]: data === undefined ? undefined : second.zones[at]?.data === data,
      [`${name}.protected`]: spans?.reduce((sum, { start, end }) => sum + end - start, 0),
    });
  });
  const same = JSON.stringify(first.zones) === JSON.stringify(second.zones);
  return [...seen, ...observed({ 'zones.same': same, 'zones.count': first.zones.length })];
}

/** Tries left of each code and key that can be asked for without one. */
export async function triesStep(visit: Visit): Promise<Observation[]> {
  visit.tries = await countersOf(visit);
  return observed(visit.tries);
}

/** The same once more at the end: nothing of this visit has cost one. */
export async function triesAgainStep(visit: Visit): Promise<Observation[]> {
  const now = await countersOf(visit);
  const before = Object.keys(visit.tries).length > 0 ? visit.tries : now;
  return observed({ 'tries.same': JSON.stringify(now) === JSON.stringify(before) });
}

function countersOf(visit: Visit): Promise<Record<string, number>> {
  return withCard(visit, async (_card, whole) => {
    const counted = await triesOf(whole);
    return Object.fromEntries(
      counted.flatMap((each) => {
        const name = `tries.${each.code.toLowerCase().replace(/[^a-z0-9]+/gu, '-')}`;
        return 'left' in each
          ? [[`${name}.left`, each.left] as const, [`${name}.full`, each.full] as const]
          : [];
      }),
    );
  });
}

const ROUNDS = 30;

/** How many short and long reads a second. */
export function speedStep(visit: Visit): Promise<Observation[]> {
  const { clock } = visit.run.io;
  return withCard(visit, async ({ driver }, whole) => {
    const [zone] = shapeOf(whole.driver).zones.filter(({ read }) => read === undefined);
    if (zone === undefined) return [];
    const rate = async (length: number): Promise<number | undefined> => {
      const started = clock.monotonic();
      for (let i = 0; i < ROUNDS; i++) await driver.read({ zone: zone.zone, offset: 0, length });
      const ms = clock.monotonic() - started;
      return ms > 0 ? Math.round((ROUNDS * 10_000) / ms) / 10 : undefined;
    };
    const long = Math.min(zone.length, 240);
    const values = {
      'speed.short-per-second': await rate(Math.min(zone.length, 4)),
      'speed.long-bytes': long,
    };
    return observed({ ...values, 'speed.long-per-second': await rate(long) });
  });
}

/** CPU cards: eight random bytes, twice. */
export function challengeStep(visit: Visit): Promise<Observation[]> {
  return withCard(visit, async ({ session, driver }) => {
    if (driver.chip !== 'CPU') return [];
    const [first, second] = [await session.challenge(), await session.challenge()];
    return observed({ 'challenge.bytes': first.length - 2, 'challenge.differs': !equalBytes(first, second) });
  });
}
