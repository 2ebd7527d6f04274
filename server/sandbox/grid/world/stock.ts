import { fromHex } from '@bianmin/card/bytes/hex';
import { METER_CHIPS, type MeterCard } from '@bianmin/card/testing/meter-files';
import type { CardFactory } from './card-factory.ts';
import type { NewCard } from './drawer.ts';
import { serialOf } from './card-serial.ts';

/** A card that the issuer made and no household has: it bears serial and keys, and no files. */
export interface StockCard {
  readonly serial: string;
  readonly chip: MeterCard;
}

/** Numbers that no household has. */
const FIRST_NUMBER = 0xe000_0001;

/** One card of each chip, for replacements; `from` is how many there were before. */
export function stockCards(
  factory: CardFactory,
  from = 0,
  chips: readonly MeterCard[] = METER_CHIPS,
): { stock: StockCard; card: NewCard }[] {
  return chips.map((chip, i) => {
    const serial = serialOf(chip, FIRST_NUMBER + from + i, 0);
    return {
      stock: { serial, chip },
      card: {
        holder: '',
        meterNo: null,
        stockSerial: serial,
        note: `待发的 ${chip} 卡，供补卡用`,
        noteEn: `Unissued ${chip} card, for a replacement`,
        sim: factory.stock(chip, fromHex(serial)),
      },
    };
  });
}
