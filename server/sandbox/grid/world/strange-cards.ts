import { fromHex } from '@bianmin/card/bytes/hex';
import { blankReturnData } from '@bianmin/card/testing/meter-files';
import { CARD_TYPE } from '@bianmin/card/testing/meter-layout';
import { Encryptor } from '../platform/encryptor.ts';
import { CardFactory } from './card-factory.ts';
import type { NewCard } from './drawer.ts';
import { serialOf } from './card-serial.ts';
import { MuteCard } from './mute-card.ts';

/** Cards that people put into readers although they are not for it. */
export function strangeCards(factory: CardFactory): NewCard[] {
  const elsewhere = new CardFactory(new Encryptor('another province'));
  const nobody = { holder: '', meterNo: null };
  return [
    {
      ...nobody,
      note: '外地电力公司的电卡',
      noteEn: 'A card of another electricity company',
      sim: elsewhere.make({
        chip: 'SLE4442',
        serial: fromHex(serialOf('SLE4442', 0xf0000001, 1)),
        parameters: { meterNo: '110000000001', customerNo: '110000000001', cardType: CARD_TYPE.purchase },
        amountFen: 0,
        count: 3,
        returnData: blankReturnData('SLE4442'),
      }),
    },
    { ...nobody, note: '空白卡，不是电卡', noteEn: 'A blank card, never issued', sim: factory.blank() },
    { ...nobody, note: '插反了的卡（不应答）', noteEn: 'A card put in upside down', sim: new MuteCard() },
  ];
}
