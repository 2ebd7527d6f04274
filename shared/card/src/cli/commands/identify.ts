import { toHex } from '../../bytes/hex.ts';
import type { CardSession, CardSlot } from '../../reader/slot.ts';
import { atrFacts, type AtrFacts } from '../atr-view.ts';
import { memoryReaderOf, openCard, withSession, type OpenCard } from '../card.ts';
import { triesOf, type NamedTries } from '../dump-card.ts';
import { EXIT } from '../exit.ts';
import { spaced } from '../hex-view.ts';
import { give, withSlot, type Command } from '../run.ts';
import type { Words } from '../words/words.ts';
import { shapeOf } from '../zones.ts';

/** What `identify --json` gives. */
export interface Identified {
  readonly reader: string;
  readonly atr: string;
  readonly atrFacts: AtrFacts;
  readonly chip: string;
  readonly variant?: string;
  readonly decidedBy: 'atr' | 'probe';
  readonly tries: readonly NamedTries[];
  readonly zones: readonly { readonly zone: string; readonly length: number }[];
}

/** Says which chip is in the reader and what can be read of it. Burns no try of any code. */
export const identify: Command = (run) =>
  withSlot(run, ({ slot }) =>
    withSession(slot, async (session) => {
      const found = await identifyOn(slot, session);
      give(run, found, identifiedLines(found, run.words));
      return EXIT.done;
    }),
  );

/** Identifies the card of a session on a slot. */
export async function identifyOn(slot: CardSlot, session: CardSession): Promise<Identified> {
  const card = await openCard(session, memoryReaderOf(slot));
  return identified(slot.name, card, await triesOf(card));
}

export function identified(reader: string, card: OpenCard, tries: readonly NamedTries[]): Identified {
  const { session, driver, decidedBy } = card;
  const shape = shapeOf(driver);
  return {
    reader,
    atr: toHex(session.atr),
    atrFacts: atrFacts(session.atr),
    chip: driver.chip,
    decidedBy,
    tries,
    ...(shape.variant === undefined ? {} : { variant: shape.variant }),
    zones: shape.zones.map(({ zone, length }) => ({ zone, length })),
  };
}

export function identifiedLines(found: Identified, { say }: Words): string[] {
  const lines = [
    say('identify.reader', { reader: found.reader }),
    say('identify.atr', { atr: spaced(found.atr) }),
    ...atrLines(found.atrFacts, { say }),
    say('identify.chip', { chip: chipText(found), how: say(`decided.${found.decidedBy}`) }),
    ...triesLines(found.tries, { say }),
  ];
  const zones = found.zones.map(({ zone, length }) => `${zone} (${length})`).join(say('list.comma'));
  lines.push(zones === '' ? say('identify.no-zones') : say('identify.zones', { zones }));
  return lines;
}

export function triesLines(tries: readonly NamedTries[], { say }: Pick<Words, 'say'>): string[] {
  if (tries.length === 0) return [say('tries.none')];
  return tries.map((each) => {
    const { code } = each;
    if ('unreadable' in each) return say('tries.unseen', { code, why: each.unreadable });
    const { left, full } = each;
    const key = left === 0 ? 'tries.locked' : left < full ? 'tries.fewer' : 'tries.full';
    return say(key, { code, left, full });
  });
}

/** `CPU D1` where a chip has several layouts. */
export function chipText({ chip, variant }: { readonly chip: string; readonly variant?: string }): string {
  return variant === undefined ? chip : `${chip} ${variant}`;
}

function atrLines(facts: AtrFacts, { say }: Pick<Words, 'say'>): string[] {
  switch (facts.kind) {
    case 'memory':
      return [`  ${say('atr.memory', { bus: facts.bus, units: facts.units, bits: facts.bits })}`];
    case 'iso': {
      const protocols = facts.protocols.map((protocol) => `T=${protocol}`).join(', ');
      const bytes = Object.entries(facts.interfaceBytes).map(
        ([name, byte]) => `${name}=${toHex(Uint8Array.of(byte))}`,
      );
      return [
        `  ${say('atr.iso', { convention: facts.convention, protocols })}`,
        ...(bytes.length === 0 ? [] : [`  ${bytes.join(' ')}`]),
        ...(facts.historical === ''
          ? []
          : [`  ${say('atr.historical', { bytes: spaced(facts.historical) })}`]),
      ];
    }
    case 'unreadable':
      return [`  ${say('atr.unreadable')}`];
  }
}
