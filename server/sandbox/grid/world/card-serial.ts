import type { MeterChip } from '@bianmin/shared/testing/meter-files';

const FAMILY: Readonly<Record<MeterChip, string>> = {
  SLE4442: 'A4',
  SLE4428: 'A8',
  CPU: 'C0',
  AT88SC1608: 'B8',
  AT88SC1602: 'B2',
  AT88SC153: 'B3',
};

/** Issuer's number: chip family, household, which card of the household. 8 bytes, upper-case hex. */
export function serialOf(chip: MeterChip, number: number, issue: number): string {
  return `${FAMILY[chip]}6501${number.toString(16).padStart(8, '0').toUpperCase()}${String(issue).padStart(2, '0')}`;
}
