import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { METER_CHIPS } from '../../testing/meter-files.ts';
import { reads } from '../../chip/reading-session.ts';
import { formatReport, openReport } from './signed-report.ts';
import { simulatedVisit } from './simulated-visit.ts';
import { differences, structureOf } from './structure.ts';
import { seen } from './report-form.ts';

const FOLDER = join(import.meta.dirname, '../../../fixtures/acceptance');
const FIXTURES = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith('.json')) : [];

it.each(FIXTURES)('%s: a real card is made as the simulated one of its chip', async (name) => {
  const text = readFileSync(join(FOLDER, name), 'utf8');
  const { report } = openReport(name, text);
  expect(formatReport(report)).toBe(text);
  const commands = report.exchanges.map(([command]) =>
    Uint8Array.from(Buffer.from(command.slice(0, 10), 'hex')),
  );
  expect(commands.filter((command) => command[1] !== 0x70 && !reads(command))).toEqual([]);
  const simulated = await simulatedVisit(seen(report, 'chip.name'));
  if (simulated !== undefined) expect(differences(report, simulated)).toEqual([]);
});

it.each(METER_CHIPS)(
  'a simulated %s has a structure to compare with, and differs from no other of its chip',
  async (chip) => {
    const [one, other] = [await simulatedVisit(chip), await simulatedVisit(chip)];
    if (one === undefined || other === undefined) throw new Error('every chip of a meter is simulated');
    expect(Object.keys(structureOf(one)).length).toBeGreaterThan(3);
    expect(differences(one, other)).toEqual([]);
    const changed = { ...one, steps: one.steps.filter(({ id }) => id !== 'identify') };
    expect(differences(changed, other)).toContainEqual({ id: 'chip.name', real: null, simulated: chip });
    expect(await simulatedVisit('AT88SC9999')).toBeUndefined();
  },
);
