/**
 * What an access register says of its user zone. The layout of the AT88SC1608's registers is **unconfirmed**: names and
 * polarity are those of the AT88SC153's data sheet, which has room for two sets only; here three bits must choose one
 * of eight. One table, so that a card that proves it otherwise changes one table.
 */
export interface AccessRights {
  /** The set's Write password is needed to write. */
  readonly writePassword: boolean;
  /** One of the set's passwords is needed to read. */
  readonly readPassword: boolean;
  /** An authentication is needed to read and to write. */
  readonly authentication: boolean;
  /** Password set, 0–7. */
  readonly set: number;
  readonly modifyForbidden: boolean;
  /** Bits can only fall from 1 to 0. */
  readonly programOnly: boolean;
}

/** Bits of an access register, all active low but for the set's number; unconfirmed. */
export const ACCESS_BIT = { wpe: 0x80, rpe: 0x40, ate: 0x20, mdf: 0x02, pgo: 0x01 } as const;
const SET_SHIFT = 2;
const SET_MASK = 0x07;

export function decodeAccess(register: number): AccessRights {
  return {
    writePassword: (register & ACCESS_BIT.wpe) === 0,
    readPassword: (register & ACCESS_BIT.rpe) === 0,
    authentication: (register & ACCESS_BIT.ate) === 0,
    set: (register >> SET_SHIFT) & SET_MASK,
    modifyForbidden: (register & ACCESS_BIT.mdf) === 0,
    programOnly: (register & ACCESS_BIT.pgo) === 0,
  };
}

export function encodeAccess(rights: AccessRights): number {
  return (
    (rights.writePassword ? 0 : ACCESS_BIT.wpe) |
    (rights.readPassword ? 0 : ACCESS_BIT.rpe) |
    (rights.authentication ? 0 : ACCESS_BIT.ate) |
    ((rights.set & SET_MASK) << SET_SHIFT) |
    (rights.modifyForbidden ? 0 : ACCESS_BIT.mdf) |
    (rights.programOnly ? 0 : ACCESS_BIT.pgo)
  );
}

/** Which code a zone needs; none where it is open to all. */
export interface ZoneCodes {
  readonly read?: number;
  readonly write?: number;
}
export type ZonePlan = Readonly<Record<string, ZoneCodes>>;

/**
 * The codes of a card as the sandbox issues it: user0 is read by all and written under Write password 0, the other
 * zones are under set 7. Given to the driver as data because the registers cannot be trusted to say it.
 */
export const ISSUED_ZONES: ZonePlan = {
  user0: { write: 0 },
  ...Object.fromEntries(Array.from({ length: 7 }, (_, i) => [`user${i + 1}`, { read: 15, write: 7 }])),
};
