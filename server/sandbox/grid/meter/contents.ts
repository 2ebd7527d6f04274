import { toHex } from '@bianmin/card/bytes/hex';
import { decodeParameters, isBlank, type Parameters } from '@bianmin/card/testing/meter-layout';
import { PURSE_LENGTH, decodePurse } from '@bianmin/card/testing/meter-purse';
import { bcdBytes } from '@bianmin/card/testing/meter-bcd';
import type { CardSecurity } from '../platform/encryptor.ts';
import type { CardContents } from './accept.ts';
import type { MeterCard } from './card-access.ts';

/** Positions in the parameter file: the card's type, and the sum over all but frame ends. */
const TYPE_AT = 42;
const SUM_AT = 43;

/** Bit 7 of the update flags: alarm amounts and transformer ratios. */
const ALARMS_FLAG = 0x80;

/** What the card says, as far as the meter can make it out. */
export function contentsOf(card: MeterCard, security: CardSecurity): CardContents {
  const type = card.parameters[TYPE_AT] ?? 0;
  const parameters = decodeParameters(card.parameters) ?? decodeWithKnownType(card.parameters);
  const { amountFen, count } = decodePurse(card.purse);
  return {
    issued: !isBlank(card.parameters) && !isBlank(card.serial),
    wellFormed: parameters !== undefined,
    type,
    meterNo: parameters?.meterNo ?? '',
    customerNo: parameters?.customerNo ?? '',
    serial: toHex(card.serial),
    amountFen,
    count,
    macValid: parameters !== undefined && purseIsAuthentic(card, parameters, security),
    alarms:
      parameters === undefined || (parameters.updateFlags & ALARMS_FLAG) === 0
        ? null
        : { alarm1Fen: parameters.alarm1Fen, alarm2Fen: parameters.alarm2Fen },
    returnEmpty: isBlank(card.returnData),
  };
}

/** A well-formed file of an unknown type is another error than a damaged file. */
function decodeWithKnownType(bytes: Uint8Array): Parameters | undefined {
  const type = bytes[TYPE_AT];
  const sum = bytes[SUM_AT];
  if (type === undefined || sum === undefined) return undefined;
  const changed = bytes.slice();
  changed[TYPE_AT] = 2;
  changed[SUM_AT] = (sum - type + 2) & 0xff;
  return decodeParameters(changed);
}

/** A CPU card takes no purse without a MAC; a memory card carries it along. */
function purseIsAuthentic(card: MeterCard, parameters: Parameters, security: CardSecurity): boolean {
  if (card.purse.length === PURSE_LENGTH) return true;
  const { amountFen, count } = decodePurse(card.purse);
  const mac = security.purseMac({
    serial: card.serial,
    meterNo: bcdBytes(parameters.meterNo),
    customerNo: bcdBytes(parameters.customerNo),
    amountFen,
    count,
  });
  return toHex(mac) === toHex(card.purse.subarray(PURSE_LENGTH));
}
