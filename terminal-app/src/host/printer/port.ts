/**
 * An opened printer: bytes out, bytes in, nothing interpreted. Failures are `PrinterError`s. `printer-port-contract.ts`
 * says the same as a suite that every port passes.
 */
export interface PrinterPort {
  /** Resolves when the printer took all bytes; `printer.timeout` where it takes none of them for `timeoutMs`. */
  write(bytes: Uint8Array, timeoutMs: number): Promise<void>;
  /** What the printer said since the last call; waits for up to `timeoutMs`, then gives an empty array. */
  read(timeoutMs: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Where a printer is to be found. */
export interface PrinterLink {
  /** `printer.gone` where there is none now. */
  open(): Promise<PrinterPort>;
  /** Ends what `open` began; never throws. */
  close(): Promise<void>;
}
