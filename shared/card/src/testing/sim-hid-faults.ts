/** What a HID reader's cable can be made to do wrong; faults of the reader behind it are the reader's own. */
export interface HidFaults {
  /** So many of the next input reports are lost. */
  loseIn?: number;
  /** So many of the next output reports are lost. */
  loseOut?: number;
  /** The next input report has this one of its bytes wrong. */
  damageByte?: number;
  /** Each input report comes so many ms late. */
  slowMs?: number;
}
