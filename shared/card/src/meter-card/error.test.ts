import { expect, it } from 'vitest';
import { ChipError, type ChipErrorCode } from '../chip/error.ts';
import { asMeterCardError, MeterCardError, type MeterCardErrorCode } from './error.ts';

const MEANING: Record<ChipErrorCode, MeterCardErrorCode> = {
  'chip.code-wrong': 'meter-card.code-wrong',
  'chip.too-few-tries': 'meter-card.code-tries',
  'chip.locked': 'meter-card.locked',
  'chip.protected': 'meter-card.protected',
  'chip.unknown': 'meter-card.unreadable',
  'chip.ambiguous': 'meter-card.unreadable',
  'chip.out-of-range': 'meter-card.unreadable',
  'chip.unreadable': 'meter-card.unreadable',
  'chip.unsupported': 'meter-card.refused',
  'chip.code-needed': 'meter-card.refused',
  'chip.refused': 'meter-card.refused',
  'chip.malformed': 'meter-card.refused',
};

it.each(Object.entries(MEANING) as [ChipErrorCode, MeterCardErrorCode][])('%s is %s', (chip, code) => {
  const cause = new ChipError({ code: chip, message: 'The card said no.', context: { zone: 'main' } });
  const error = asMeterCardError(cause);
  expect(error).toBeInstanceOf(MeterCardError);
  expect(error).toMatchObject({ code, message: 'The card said no.', cause, context: { zone: 'main', chip } });
});

it('leaves what is of no chip as it is', () => {
  const other = new Error('The journal is full.');
  expect(asMeterCardError(other)).toBe(other);
});
