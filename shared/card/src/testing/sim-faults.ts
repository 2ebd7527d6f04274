/** What a simulated reader can be made to do wrong. */
export interface ReaderFaults {
  /** The card leaves before this many more APDUs have been passed to it (1: before the next). */
  removeAfterApdus?: number;
  /** The card leaves when this many more bytes have gone over the bulk pipes, either way. */
  removeAfterBytes?: number;
  /** The card leaves after the next APDU was carried out, before its answer: its effect is there, unheard. */
  removeBeforeAnswer?: boolean;
  /** The plug is pulled when this many more bytes have gone over the bulk pipes: in the middle of a transfer. */
  unplugAfterBytes?: number;
  /** Time extensions before each answer of a card. */
  timeExtensions?: number;
  /** And before its answer to reset. */
  extendsPowerUp?: boolean;
  /** So long after each of those before the next, or the answer; ms. */
  extensionMs?: number;
  /** bError of those: how many times the waiting time is granted; 1 when absent. */
  extensionFactor?: number;
  /** The next answer never comes: the bulk-in pipe stalls. */
  stall?: boolean;
  /** The bulk-out pipe stalls at the next command. */
  stallOut?: boolean;
  /** The next command is not answered at all until it is aborted. */
  hang?: boolean;
  /** The next XfrBlock waits in the reader until it is let go on: it then goes to whatever card is in. */
  hold?: boolean;
  /** A card that comes has the power that the one before it had (QEMU's reader does so): its slot says active. */
  keepsPower?: boolean;
  /** The next answer comes only in front of the one after it: too late for the caller. */
  late?: boolean;
  /** Every answer comes so many ms late. */
  slowMs?: number;
  /** The next answer has one of its bytes wrong: this one of it. */
  damageByte?: number;
  /** Messages longer than this never arrive, whatever dwMaxCCIDMessageLength says. */
  deliversAtMost?: number;
  /** Aborts are not known: the control request stalls. Or only their message is refused. */
  noAbort?: 'stall' | 'refuse';
  /** Answers that fill their packets are not ended by an empty one. */
  noZeroLengthPacket?: boolean;
  /** An old answer to reset, which a power-up without a card carries beside its failure. */
  staleAtr?: Uint8Array;
  /** Cards are mute at these voltages; bits as in bVoltageSupport (1: 5 V, 2: 3 V, 4: 1.8 V). */
  muteAtVoltages?: number;
  /** The next XfrBlock fails so, its card untouched: a bError. */
  failNext?: number;
  /** SetParameters with another than the default speed fails. */
  refuseSpeed?: boolean;
  /** Cards come and go without a word on the interrupt pipe. */
  silent?: boolean;
  /** The interrupt pipe stalls at every read. */
  stallInterrupts?: boolean;
}
