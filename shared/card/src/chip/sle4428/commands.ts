import type { MemoryDialectName } from '../../reader/models.ts';
import { ACS_CARD_TYPE, ACS_MAX_BODY, encodeAcs } from '../dialect/acs.ts';
import type { Question } from '../dialect/question.ts';
import { dataOf, statusOf } from '../response.ts';
import { openOf } from '../siemens/commands.ts';
import { ACS_MAX_PROTECTION, ACS_SLE4428 } from './acs.ts';
import { PSC_SIZE } from './constants.ts';
import { omnikeySle4428 } from './omnikey.ts';
import type { Sle4428Commands } from './operations.ts';

const highLow = (address: number) => ({ p1: address >> 8, p2: address & 0xff });

const acs: Sle4428Commands = {
  maxBytes: ACS_MAX_BODY,
  noCounter: 'chip.unreadable',
  selectType: () =>
    encodeAcs(ACS_SLE4428, { name: 'selectType', p1: 0, p2: 0, data: Uint8Array.of(ACS_CARD_TYPE.sle4428) }),
  read: (address, length) => ({
    apdu: encodeAcs(ACS_SLE4428, { name: 'read', ...highLow(address), length }),
    parse(answer) {
      if (answer.length === length) return { data: answer };
      // Firmware of 2006 appends the protect bits of what was asked for.
      if (answer.length !== length + 1 + (length >> 3)) return undefined;
      return { data: answer.slice(0, length), open: openOf(answer.subarray(length), length) };
    },
  }),
  readErrorCounter: () => ({
    apdu: encodeAcs(ACS_SLE4428, { name: 'readErrorCounter', p1: 0, p2: 0, length: 1 + PSC_SIZE }),
    // A card that answers at another length than was asked is not to be given its code.
    parse: (data) => (data.length === 1 + PSC_SIZE ? data[0] : undefined),
  }),
  readProtection(address, length) {
    const questions: Question<readonly boolean[]>[] = [];
    for (let done = 0; done < length; done += 8 * ACS_MAX_PROTECTION) {
      const count = Math.min(8 * ACS_MAX_PROTECTION, length - done);
      const bytes = Math.ceil(count / 8);
      questions.push({
        apdu: encodeAcs(ACS_SLE4428, { name: 'readProtection', ...highLow(address + done), length: bytes }),
        parse: (bits) => (bits.length === bytes ? openOf(bits, count) : undefined),
      });
    }
    return questions;
  },
  write: (address, data) => encodeAcs(ACS_SLE4428, { name: 'write', ...highLow(address), data }),
  protect: (address, data) => encodeAcs(ACS_SLE4428, { name: 'protect', ...highLow(address), data }),
  presentCode: (code) => encodeAcs(ACS_SLE4428, { name: 'presentCode', p1: 0, p2: 0, data: code }),
  changeCode: (code) => encodeAcs(ACS_SLE4428, { name: 'changeCode', p1: 0, p2: 1, data: code }),
  presented(response) {
    const sw = statusOf(response);
    if (sw >> 8 !== 0x90) return undefined;
    const data = dataOf(response);
    // 90 alone accepts wrong codes: only the counter tells, whether it comes in SW2 or, from old firmware, as data.
    if (data.length === 1 + PSC_SIZE && sw === 0x9000) return data[0];
    return data.length === 0 ? sw & 0xff : undefined;
  },
};

export const SLE4428_COMMANDS = { acs, omnikey: omnikeySle4428 } satisfies Record<
  MemoryDialectName,
  Sle4428Commands
>;
