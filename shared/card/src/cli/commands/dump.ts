import { memoryReaderOf, openCard, withSession } from '../card.ts';
import { dumpCard } from '../dump-card.ts';
import type { Dump, DumpZone } from '../dump-form.ts';
import { EXIT } from '../exit.ts';
import { hexRows, spaced, spansText } from '../hex-view.ts';
import { give, withSlot, type Command } from '../run.ts';
import type { Words } from '../words/words.ts';
import { chipText, triesLines } from './identify.ts';

/** Shows everything of a card that may be read, codes masked. */
export const dump: Command = (run) =>
  withSlot(run, ({ slot }) =>
    withSession(slot, async (session) => {
      const dumped = await dumpCard(
        await openCard(session, memoryReaderOf(slot)),
        run.io.project?.meterFiles,
      );
      give(run, dumped, dumpLines(dumped, run.words));
      return EXIT.done;
    }),
  );

export function dumpLines(dumped: Dump, words: Words): string[] {
  const { say } = words;
  return [
    say('dump.chip', { chip: chipText(dumped), atr: spaced(dumped.atr) }),
    ...triesLines(dumped.tries, words),
    ...(dumped.zones.length === 0 ? ['', say('identify.no-zones')] : []),
    ...dumped.zones.flatMap((zone) => ['', ...zoneLines(zone, words)]),
    ...(dumped.meter === undefined ? [] : ['', ...meterLines(dumped.meter, words)]),
  ];
}

function zoneLines(zone: DumpZone, { say }: Words): string[] {
  const lines = [
    say('dump.zone', { zone: zone.zone, length: zone.length, access: say(`access.${zone.access}`) }),
  ];
  if (zone.protected !== undefined) {
    const spans = spansText(zone.protected);
    lines.push(`  ${spans === '' ? say('dump.unprotected') : say('dump.protected', { spans })}`);
  }
  if (zone.data === undefined) lines.push(`  ${say('dump.unreadable', { code: zone.unreadable ?? '' })}`);
  else lines.push(...hexRows(zone.data).map((row) => `  ${row}`));
  return lines;
}

function meterLines(meter: NonNullable<Dump['meter']>, { say }: Words): string[] {
  const fields = (file: Readonly<Record<string, string | number>>): string =>
    Object.entries(file)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ');
  return [
    say('meter.title'),
    `  ${say('meter.serial', { serial: meter.serial })}`,
    `  ${say('meter.parameters', { fields: meter.parameters === null ? say('meter.damaged') : fields(meter.parameters) })}`,
    `  ${say('meter.purse', { yuan: (meter.purse.amountFen / 100).toFixed(2), count: meter.purse.count })}`,
    `  ${say('meter.return', {
      fields:
        meter.returnData === 'blank'
          ? say('meter.blank')
          : meter.returnData === null
            ? say('meter.damaged')
            : fields(meter.returnData),
    })}`,
  ];
}
