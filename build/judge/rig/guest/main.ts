import process from 'node:process';
import { parseArgs } from 'node:util';
import { systemClock } from '@bianmin/card/node/system-clock';
import { READER_CASES } from './cases.ts';
import { Host } from './host.ts';
import { startPcscd, type Pcscd } from './pcscd.ts';
import { FAULTY_CASES } from './faulty-cases.ts';
import { KEYED_CASES } from './keyed-cases.ts';
import { PURCHASE_CASES } from './purchase-cases.ts';
import { Rig, VIAS } from './rig.ts';
import { speedsOf, type Speed } from './speed.ts';

const CASES = [...READER_CASES, ...PURCHASE_CASES, ...KEYED_CASES, ...FAULTY_CASES];
/** Of one case; what hangs is told, and the next begins. */
const CASE_MS = 600_000;
const SEATS = [0, 1, 2];

const { values } = parseArgs({
  options: {
    speed: { type: 'boolean', default: false },
    short: { type: 'boolean', default: false },
    case: { type: 'string' },
    via: { type: 'string' },
  },
});
const host = new Host();
for (const via of VIAS) {
  if ((values.via ?? via) !== via) continue;
  for (const each of CASES) {
    if ((each.only ?? via) !== via || (values.short && each.short !== true)) continue;
    if (values.case !== undefined && !each.name.includes(values.case)) continue;
    // One for each case, so that none hears of the one before.
    const pcscd = via === 'pcsc' ? await startPcscd() : undefined;
    const rig = new Rig(host, via);
    const from = systemClock.monotonic();
    const fault = await Promise.race([
      each.run(rig).then(
        () => undefined,
        (error: unknown) => String(error instanceof Error ? error.stack : error),
      ),
      systemClock.sleep(CASE_MS).then(() => 'It came to no end.'),
    ]);
    const ms = Math.round(systemClock.monotonic() - from);
    const row = { rig: 'case', case: each.name, ok: fault === undefined, ms, via };
    await host.ask('row', { row: fault === undefined ? row : { ...row, fault } });
    await cleanUp(rig, pcscd);
  }
}
if (values.speed) {
  const speeds: Speed[][] = [];
  for (const via of VIAS) {
    const pcscd = via === 'pcsc' ? await startPcscd() : undefined;
    const rig = new Rig(host, via);
    speeds.push(await speedsOf(rig));
    await cleanUp(rig, pcscd);
  }
  const [allOurs = [], allLibccid = []] = speeds;
  for (const [nth, ours] of allOurs.entries()) {
    const libccid = allLibccid[nth];
    if (libccid !== undefined) await host.ask('row', { row: speedRow(ours, libccid) });
  }
}
await host.ask('end', {});
process.exit(0);

/** The next begins with nothing plugged in. */
async function cleanUp(rig: Rig, pcscd: Pcscd | undefined): Promise<void> {
  await rig.close().catch(() => undefined);
  await pcscd?.stop();
  for (const seat of SEATS) {
    await host.ask('remove', { seat });
    await host.ask('unplug', { seat }).catch(() => undefined);
  }
}

function speedRow(ours: Speed, libccid: Speed): Record<string, unknown> {
  return {
    rig: 'speed',
    apdu: ours.apdu,
    ours: rounded(ours.perSecond),
    libccid: rounded(libccid.perSecond),
    ratio: rounded(ours.perSecond / libccid.perSecond),
    transfersOurs: rounded(ours.transfers),
    transfersLibccid: rounded(libccid.transfers),
  };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
