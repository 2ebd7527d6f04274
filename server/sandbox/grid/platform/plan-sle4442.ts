import { toHex } from '@bianmin/shared/bytes/hex';
import type { PlanStep } from '@bianmin/shared/meter-card/plan';
import { SLE4442_FILES, bcdBytes, blankReturnData, encodePurse } from '@bianmin/shared/testing/meter-layout';
import type { CardSecurity } from './encryptor.ts';
import type { Household } from './household.ts';
import type { PlanTarget } from './plan.ts';

/** Bytes of an SLE4442's security code (PSC). */
const CODE_LENGTH = 3;

/**
 * The steps for a memory card, in the order that no cut can turn into money: parameter file (framed and summed,
 * so a torn one is refused), return file emptied, and last the purse: amount, count, MAC. Until its last byte is
 * right, in whatever order they come, the MAC does not cover what the purse says, and a meter refuses it.
 */
export function sle4442Steps(target: PlanTarget, household: Household, security: CardSecurity): PlanStep[] {
  const { serial, parameters, amountFen, count } = target;
  const { purse, returnData } = SLE4442_FILES;
  const bytes = encodePurse({ amountFen, count });
  const mac = security.purseMac({
    serial,
    meterNo: bcdBytes(household.meterNo),
    customerNo: bcdBytes(household.customerNo),
    amountFen,
    count,
  });
  const write = (zone: string, offset: number, data: Uint8Array): PlanStep => ({
    op: 'write',
    zone,
    offset,
    data: toHex(data),
  });
  return [
    { op: 'present-code', code: toHex(security.code(serial, CODE_LENGTH)) },
    ...(parameters === undefined
      ? []
      : [write(SLE4442_FILES.parameters.zone, SLE4442_FILES.parameters.offset, parameters)]),
    write(returnData.zone, returnData.offset, blankReturnData()),
    write(purse.zone, purse.offset, Uint8Array.of(...bytes, ...mac)),
  ];
}
