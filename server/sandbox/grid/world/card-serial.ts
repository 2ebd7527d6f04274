import type { MeterCard } from '@bianmin/card/testing/meter-files';

const FAMILY: Readonly<Record<MeterCard, string>> = {
  SLE4442: 'A4',
  SLE4428: 'A8',
  CPU: 'C0',
  AT88SC1608: 'B8',
  AT88SC1602: 'B2',
  AT88SC153: 'B3',
  'second-SLE4442': 'D4',
  'second-CPU': 'D0',
};

/** Issuer's number: the card's family, household, which card of the household. 8 bytes, upper-case hex. */
export function serialOf(card: MeterCard, number: number, issue: number): string {
  return `${FAMILY[card]}6501${number.toString(16).padStart(8, '0').toUpperCase()}${String(issue).padStart(2, '0')}`;
}
