/**
 * How a model carries CCID messages in HID reports: all that differs between HID readers, as data.
 *
 * `ccid-xor` is `02 | CCID message | 03 | XOR of message and 03`, seen in one public driver of a reader that it does
 * not name: unconfirmed for any one model. `plain` is a length and the message, the commonest form of vendors' own
 * report protocols: unconfirmed likewise.
 */
export interface HidFraming {
  readonly wrapper: 'ccid-xor' | 'plain';
  /** Of output and of input reports; 0 where the device does not number them. */
  readonly outReportId: number;
  readonly inReportId: number;
  /** Bytes of a report, without its id; shorter ones are filled up. */
  readonly reportSize: number;
  /** Width of the length field ahead of a `plain` message, in bytes; most significant first unless said otherwise. */
  readonly lengthBytes: 1 | 2;
  readonly lengthOrder: 'big' | 'little';
  /** What fills a report up. Never 02 with `ccid-xor`; always 00 with `plain`, where it reads as "no message". */
  readonly padding: number;
  /** Bytes of a notice of slot changes (type 50), which carries no length: one, and one for each four slots. */
  readonly noticeBytes: number;
  /** Longest message, bytes, without wrapper: one that announces more is noise. */
  readonly maxMessage: number;
}

/** Report sizes and ids of both are unconfirmed: full-speed interrupt endpoints carry 64 bytes (USB 2.0 §5.7.3). */
export const CCID_XOR_FRAMING: HidFraming = {
  wrapper: 'ccid-xor',
  outReportId: 0,
  inReportId: 0,
  reportSize: 64,
  lengthBytes: 2,
  lengthOrder: 'big',
  padding: 0x00,
  noticeBytes: 2,
  maxMessage: 271,
};

export const PLAIN_FRAMING: HidFraming = {
  wrapper: 'plain',
  outReportId: 1,
  inReportId: 2,
  reportSize: 63,
  lengthBytes: 2,
  lengthOrder: 'little',
  padding: 0x00,
  noticeBytes: 2,
  maxMessage: 271,
};

/** Bytes around a `ccid-xor` message. */
export const STX = 0x02;
export const ETX = 0x03;
