/** What a simulated reader can be made to do wrong. */
export interface ReaderFaults {
  /** The card leaves before this many more APDUs have been passed to it (1: before the next). */
  removeAfterApdus?: number;
  /** The card leaves when this many more bytes have gone over the bulk pipes, either way. */
  removeAfterBytes?: number;
  /** The card leaves after the next APDU was carried out, before its answer: its effect is there, unheard. */
  removeBeforeAnswer?: boolean;
  /** Time extensions before each answer of a card. */
  timeExtensions?: number;
  /** The next answer never comes: the bulk-in pipe stalls. */
  stall?: boolean;
  /** The next command is not answered at all until it is aborted. */
  hang?: boolean;
  /** Every answer comes so many ms late. */
  slowMs?: number;
  /** The next answer has one of its bytes wrong: this one of it. */
  damageByte?: number;
  /** Cards are mute at these voltages; bits as in bVoltageSupport (1: 5 V, 2: 3 V, 4: 1.8 V). */
  muteAtVoltages?: number;
  /** Cards come and go without a word on the interrupt pipe. */
  silent?: boolean;
}
