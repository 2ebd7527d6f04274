import { describe, expect, it } from 'vitest';
import { layoutOfCard, METER_CARDS, METER_FILES } from '../testing/meter-files.ts';
import { BOTH_MAKERS, SECOND_CPU, SECOND_DIALECT, SECOND_SLE4442 } from '../testing/second-maker.ts';
import { BUILT_IN_LAYOUTS } from './built-in-layouts.ts';
import { filesOf, layoutOfImage } from './card-files.ts';
import type { CardLayout } from './layout.ts';

/** A card of a layout, as it is read. */
const imageOf = ({ chip, regions }: CardLayout) => ({
  chip,
  regions: regions.map(({ zone, offset, length }) => ({ zone, offset, data: new Uint8Array(length) })),
});

describe('the files of a layout', () => {
  it.each(METER_CARDS)('lie where the issuer puts them on %s', (card) => {
    const { parameters, purse, returnData } = METER_FILES[card];
    expect(filesOf(layoutOfCard(card))).toEqual({ parameters, purse, returnData });
  });

  it('are not known where neither it nor a dialect says so', () => {
    const { files: _, ...without } = SECOND_SLE4442;
    expect(filesOf(without)).toBeUndefined();
    const files = SECOND_DIALECT.files.filter(({ role }) => role !== 'return');
    expect(filesOf({ ...SECOND_CPU, dialect: { ...SECOND_DIALECT, files } })).toBeUndefined();
    const records = SECOND_DIALECT.files.map((file) => ({ ...file, records: { count: 1, length: 8 } }));
    expect(filesOf({ ...SECOND_CPU, dialect: { ...SECOND_DIALECT, files: records } })).toBeUndefined();
  });
});

describe('the layout of an image', () => {
  it.each(METER_CARDS)('is that of the maker whose card was read: %s', (card) => {
    const layout = layoutOfCard(card);
    expect(layoutOfImage(BOTH_MAKERS, imageOf(layout))?.id).toBe(layout.id);
    const { chip, regions } = imageOf(layout);
    expect(layoutOfImage(BOTH_MAKERS, { chip, regions: regions.toReversed() })?.id).toBe(layout.id);
  });

  it('is none where the card was read by another document, or in part', () => {
    expect(layoutOfImage(BUILT_IN_LAYOUTS, imageOf(SECOND_SLE4442))).toBeUndefined();
    const { chip, regions } = imageOf(SECOND_CPU);
    expect(layoutOfImage(BOTH_MAKERS, { chip, regions: regions.slice(1) })).toBeUndefined();
    expect(layoutOfImage(BOTH_MAKERS, { chip: 'SLE4442', regions })).toBeUndefined();
  });
});
