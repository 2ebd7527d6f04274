/**
 * What differs between receipt printers, as data. UNCERTAIN until one of each has printed: what is here is from makers'
 * manuals, not from paper (docs/unproven.md).
 */
export interface PrinterModel {
  /** Printable dots of a line: 384 on 58 mm paper, 576 on 80 mm. */
  readonly dots: 384 | 576;
  /** `command`: GS ( k, function 165 to 181. `raster`: the printer has no codes, they are drawn for it. */
  readonly qr: 'command' | 'raster';
  readonly cut: 'partial' | 'full' | 'none';
  /** Lines between what is printed last and the cutter, or the tear bar. */
  readonly feedLines: number;
  /** Whether GS r 1 is answered in its turn; else "sent" must do for "printed". */
  readonly confirms: boolean;
}

export const PRINTER_MODELS = {
  /** The usual small printer without a cutter. */
  'generic-58': { dots: 384, qr: 'command', cut: 'none', feedLines: 4, confirms: false },
  'generic-80': { dots: 576, qr: 'command', cut: 'partial', feedLines: 4, confirms: true },
  /** Older boards without GS ( k. */
  'plain-58': { dots: 384, qr: 'raster', cut: 'none', feedLines: 4, confirms: false },
  /** Epson TM-T88 and TM-m30 with the Simplified Chinese font. */
  'epson-80': { dots: 576, qr: 'command', cut: 'partial', feedLines: 4, confirms: true },
} as const satisfies Readonly<Record<string, PrinterModel>>;

export type PrinterModelName = keyof typeof PRINTER_MODELS;
export const PRINTER_MODEL_NAMES = Object.keys(PRINTER_MODELS) as [PrinterModelName, ...PrinterModelName[]];
