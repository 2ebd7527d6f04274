import { fromHex } from '../../bytes/hex.ts';
import { layoutsFrom, layoutsText } from '../../meter-card/layouts-document.ts';
import { knownLayout, readCard } from '../../meter-card/read.ts';
import { recogniserOf } from '../../meter-card/recognise.ts';
import { BOTH_MAKERS } from '../second-maker.ts';
import { FuzzSession } from './chip-targets.ts';
import type { FuzzTarget } from './fuzz.ts';

const READER = { memoryDialect: 'acs', wiresC4C8: true } as const;
const recognise = recogniserOf(BOTH_MAKERS);

/** A card on a chip of two makers that answers nonsense while its maker is looked for. */
function recognising(chip: string, atr: string): FuzzTarget {
  return {
    parser: `the maker of a card: ${chip}`,
    seeds: [new Uint8Array(24), Uint8Array.from({ length: 200 }, (_, i) => (i * 37) & 0xff)],
    run: async (input) => {
      const session = new FuzzSession(input, fromHex(atr));
      const card = await recognise(session, READER);
      await readCard(card.driver, session.atr, knownLayout(card));
    },
  };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const LAYOUT_TARGETS: readonly FuzzTarget[] = [
  recognising('SLE4442', '3B04A2131091'),
  recognising('CPU', '3B6800000102030405060708'),
  {
    parser: 'document of card layouts',
    seeds: [Uint8Array.from(layoutsText(BOTH_MAKERS), (each) => each.charCodeAt(0))],
    run: (input) => layoutsFrom(json(String.fromCharCode(...input))).version,
  },
];
