import type { ApplicationZone, Zone, ZoneCode } from '../zone-table.ts';

/** Tries of every counted code of the 16 Kbit chips (public driver of the AT88SC1604; R:sqf-ice/Mygit sc102_1604.c). */
const TRIES = 8;

/** Zones that the AT88SC1604 and its relatives begin with. */
const HEAD = {
  fz: { offset: 0, length: 2 },
  iz: { offset: 2, length: 8 },
  sc: { offset: 10, length: 2 },
  scac: { offset: 12, length: 1 },
  cpz: { offset: 13, length: 8 },
} as const satisfies Record<string, Zone>;

/** Where application sections begin: behind the code-protected zone. */
export const SECTIONS_START = 21;

/** One application zone and what stands before it: SCn, a counter where it has one, EZn, EnAC, AZn. */
export interface Section {
  /** Whether presentations of SCn are counted: then SnAC takes a byte. */
  readonly counted: boolean;
  /** Bytes of AZn. */
  readonly length: number;
}

/**
 * Zones and codes of sections that follow each other: key 0 is SC, 1 … n are EZ1 … EZn, n+1 … 2n are SC1 … SCn.
 * Writing needs SC alone: what SCn opens is in no source that could be read, so that it is asked for nowhere.
 */
export function sectioned(sections: readonly Section[]): {
  readonly zones: Record<string, Zone>;
  readonly codes: ZoneCode[];
  readonly applicationZones: ApplicationZone[];
  /** The byte after the last section. */
  readonly end: number;
} {
  const zones: Record<string, Zone> = { ...HEAD };
  const codes: ZoneCode[] = [{ key: 0, zone: 'sc', attempts: { zone: 'scac', tries: TRIES } }];
  const sectionCodes: ZoneCode[] = [];
  const applicationZones: ApplicationZone[] = [];
  let at = SECTIONS_START;
  const place = (name: string, length: number): void => {
    zones[name] = { offset: at, length };
    at += length;
  };
  sections.forEach(({ counted, length }, i) => {
    const n = i + 1;
    const section = String(n);
    place(`sc${section}`, 2);
    if (counted) place(`s${section}ac`, 1);
    place(`ez${section}`, 2);
    place(`e${section}ac`, 1);
    place(`az${section}`, length);
    codes.push({ key: n, zone: `ez${section}`, attempts: { zone: `e${section}ac`, tries: TRIES } });
    sectionCodes.push({
      key: sections.length + n,
      zone: `sc${section}`,
      ...(counted ? { attempts: { zone: `s${section}ac`, tries: TRIES } } : {}),
    });
    applicationZones.push({ zone: `az${section}`, erase: 'byte', write: [0], raise: [n] });
  });
  return { zones, codes: [...codes, ...sectionCodes], applicationZones, end: at };
}
