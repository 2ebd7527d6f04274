import { toHex } from '../bytes/hex.ts';
import { ChipError } from '../chip/error.ts';
import type { RegionData } from '../chip/region.ts';
import { HIDDEN, maskedHex } from '../transcript/hidden.ts';
import type { OpenCard } from './card.ts';
import { DUMP_FORMAT, type Dump, type DumpZone } from './dump-form.ts';
import type { MeterFiles } from './project.ts';
import type { ZoneShape } from './zone-shape.ts';
import { shapeOf } from './zones.ts';

/** A code's tries, by the data sheet's name of it. */
export type NamedTries = Dump['tries'][number];

/** Tries left of each code of the card; burns none. */
export async function triesOf({ driver }: OpenCard): Promise<NamedTries[]> {
  const tries: NamedTries[] = [];
  for (const { key, name } of shapeOf(driver).codes) {
    const counted = await unlessRefused(driver.tries(key));
    if (counted instanceof ChipError) tries.push({ code: name, unreadable: counted.code });
    else if (counted !== undefined) tries.push({ code: name, left: counted.left, full: counted.full });
  }
  return tries;
}

/** Reads everything of a card that may be read. A zone that the card refuses is noted, the others go on. */
export async function dumpCard(card: OpenCard, meterFiles?: MeterFiles): Promise<Dump> {
  const { driver, session } = card;
  const shape = shapeOf(driver);
  const tries = await triesOf(card);
  const protection = await unlessRefused(shape.protection?.(driver));
  const closed = protection instanceof ChipError || protection === undefined ? {} : protection;
  const read: RegionData[] = [];
  const zones: DumpZone[] = [];
  for (const zone of shape.zones) {
    const answer = await unlessRefused(readZone(card, zone));
    if (answer instanceof Uint8Array) read.push({ zone: zone.zone, offset: 0, data: answer });
    const spans = closed[zone.zone];
    zones.push({
      zone: zone.zone,
      length: zone.length,
      access: zone.access,
      ...(answer instanceof Uint8Array
        ? { data: maskedHex(answer, zone.secret ?? []) }
        : { unreadable: answer?.code ?? 'chip.unreadable' }),
      ...(spans === undefined ? {} : { protected: [...spans] }),
    });
  }
  for (const { zone, length } of shape.unread ?? []) {
    zones.push({ zone, length, access: 'hidden', data: HIDDEN.repeat(length) });
  }
  const meter = meterFiles?.(driver.chip, read);
  return {
    format: DUMP_FORMAT,
    chip: driver.chip,
    ...(shape.variant === undefined ? {} : { variant: shape.variant }),
    atr: toHex(session.atr),
    tries,
    zones,
    ...(meter === undefined ? {} : { meter }),
  };
}

function readZone({ driver }: OpenCard, zone: ZoneShape): Promise<Uint8Array> {
  return zone.read?.(driver) ?? driver.read({ zone: zone.zone, offset: 0, length: zone.length });
}

/** What a card or its reader refuses is something to show; a card that is gone is not. */
async function unlessRefused<T>(asked: Promise<T> | undefined): Promise<T | ChipError | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ChipError) return error;
    throw error;
  }
}
