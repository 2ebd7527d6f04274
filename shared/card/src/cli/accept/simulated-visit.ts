import { METER_CHIPS } from '../../testing/meter-files.ts';
import { AcceptingIo } from './accepting-io.ts';
import type { Report } from './report-form.ts';
import { openReport } from './signed-report.ts';

/** The report of a visit with a simulated card of a chip; undefined for one that is not simulated. */
export async function simulatedVisit(chip: unknown): Promise<Report | undefined> {
  const known = METER_CHIPS.find((name) => name === chip);
  if (known === undefined) return undefined;
  const io = new AcceptingIo(known);
  await io.visit('accept report.json --by simulator');
  return openReport('report.json', io.saved.get('report.json') ?? '').report;
}
