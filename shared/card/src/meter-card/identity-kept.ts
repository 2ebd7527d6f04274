import type { Region } from '../chip/region.ts';
import { MeterCardError } from './error.ts';
import type { CardLayout } from './layout.ts';
import type { WritePlan } from './plan.ts';

/** What a card is known by is no plan's to change: its serial and its maker's marks. Fails with `meter-card.plan-refused`. */
export function refuseIdentity({ ranges }: WritePlan, { serial, recognise }: CardLayout): void {
  const marks = recognise.map(({ zone, offset, bytes }) => ({ zone, offset, length: bytes.length / 2 }));
  const meets = (a: Region, b: Region): boolean =>
    a.zone === b.zone && a.offset < b.offset + b.length && b.offset < a.offset + a.length;
  if ([serial, ...marks].some((known) => ranges.some((range) => meets(range, known)))) {
    throw new MeterCardError({
      code: 'meter-card.plan-refused',
      message:
        'The plan of this write asks for something that is not permitted: what the card is known by would change. Nothing of it was done.',
    });
  }
}
