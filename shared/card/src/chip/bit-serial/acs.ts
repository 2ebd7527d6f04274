import { ACS_SELECT_TYPE, type AcsTable } from '../dialect/acs.ts';

/**
 * ACS commands for card type 09. P1 is 00 everywhere but in `present` and P2 is the byte address. Sources: ACS
 * "ACR38x (CCID) Reference Manual" 9.3.9, "ACR3901T-W1 Reference Manual" 7.2.9; selection, reading and presentation
 * are sent so to an ACR38U (072F:90CC) and an ACR39U with real AT88SC102 by R:limpkin/mooltipass tools/smc_decode and
 * R:mooltipass/minible scripts/smc_decode.
 */
export const ACS_AT88SC102 = {
  selectType: ACS_SELECT_TYPE,
  /** READ_MEMORY_CARD. */
  read: { ins: 0xb0, body: 'length' },
  /** WRITE_MEMORY_CARD: lowers bits only. Answers 90 00 whether or not the card took them. */
  write: { ins: 0xd0, body: 'data' },
  /** ERASE_NON_APPLICATION_ZONE: the word of 16 bits at the address. */
  erase: { ins: 0xd2, body: 'empty' },
  /**
   * VERIFY_SECURITY_CODE, and with an erase key ERASE_APPLICATION_ZONE_WITH_ERASE: the same command. P1 is how many
   * bits of the counter behind the code are searched for a try: 08 for SC, 00 for an erase key, 80 for EZ2 while its
   * erasures are counted. **90 00 says only that it was done**: the counter, read back, says whether the code was
   * right. 63 00: no try was left.
   */
  present: { ins: 0x20, body: 'data' },
} as const satisfies AcsTable;

/**
 * Commands for card type 0A, unconfirmed: from the adapter class of one vendor's clone of ACS readers
 * (`CCID_StorageCardDevAdapter.h`, zhou_yb, 2013), which sends the address in P1 and P2 and has FF 21 for codes that
 * are not counted. Taken to behave as the commands for type 09 otherwise.
 */
export const ACS_AT88SC1604 = {
  selectType: ACS_SELECT_TYPE,
  read: { ins: 0xb0, body: 'length' },
  write: { ins: 0xd0, body: 'data' },
  /** One erase pulse for each of so many bytes. */
  erase: { ins: 0xd2, body: 'length' },
  /** The counted codes. */
  present: { ins: 0x20, body: 'data' },
} as const satisfies AcsTable;

/** Counter bits that the clone's FF 20 searches; the counters of these chips have as many. */
export const ACS_AT88SC1604_COUNTER_BITS = 8;

/** P1 of `present` for SC of an AT88SC102, whichever its revision (manuals as above). */
export const ACS_AT88SC102_COUNTER_BITS = 8;
