import { toHex } from '@bianmin/card/bytes/hex';
import type { PlanStep } from '@bianmin/card/meter-card/plan';
import type { Region } from '@bianmin/card/chip/region';
import {
  METER_FILES,
  blankReturnData,
  codeMaterialLength,
  codesOf,
  type MeterCard,
} from '@bianmin/card/testing/meter-files';
import { encodePurse } from '@bianmin/card/testing/meter-purse';
import { bcdBytes } from '@bianmin/card/testing/meter-bcd';
import type { CardSecurity } from './encryptor.ts';
import type { Household } from './household.ts';
import type { PlanTarget } from './plan.ts';

/**
 * The steps for a memory card, in the order that no cut can turn into money: parameter file (framed and summed,
 * so a torn one is refused), return file emptied, and last the purse: amount, count, MAC. Until its last byte is
 * right, in whatever order they come, the MAC does not cover what the purse says, and a meter refuses it. What takes a sale off
 * begins with the purse, and leaves the return file as the meter may yet find it.
 */
export function memorySteps(
  card: MeterCard,
  { target, household }: { target: PlanTarget; household: Household },
  security: CardSecurity,
): PlanStep[] {
  const { serial, parameters, amountFen, count } = target;
  const files = METER_FILES[card];
  const bytes = encodePurse({ amountFen, count });
  const mac = security.purseMac({
    serial,
    meterNo: bcdBytes(household.meterNo),
    customerNo: bcdBytes(household.customerNo),
    amountFen,
    count,
  });
  const write = ({ zone, offset }: Region, data: Uint8Array): PlanStep => ({
    op: 'write',
    zone,
    offset,
    data: toHex(data),
  });
  const typed = parameters === undefined ? [] : [write(files.parameters, parameters)];
  const blanked = write(files.returnData, blankReturnData(card));
  const money = write(files.purse, Uint8Array.of(...bytes, ...mac));
  return [
    ...codesOf(card, security.code(serial, codeMaterialLength(card))).map(({ key, code }): PlanStep => ({
      op: 'present-code',
      key,
      code: toHex(code),
    })),
    ...(target.kind === 'undo' ? [money, ...typed] : [...typed, blanked, money]),
  ];
}
