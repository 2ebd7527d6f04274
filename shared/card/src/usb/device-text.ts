import type { UsbDeviceInfo } from './ports.ts';

/** As long as a name on a screen or in a log may be. */
const LONGEST = 64;
/** By which slots of one make are told apart: ` 01 00` of a service, ` (slot 1)` of ours. */
const SLOT_END = 9;

/**
 * What a device says of itself, fit to be shown: any plug can say anything. Control characters and those that turn the
 * direction of text are left out, since a terminal or a log would obey them; empty where nothing is left.
 */
export function deviceText(text: string): string {
  return plainOf(text).slice(0, LONGEST).join('').trim();
}

/** The same of a slot's name, whose end is kept where it is too long. */
export function slotText(text: string): string {
  const plain = plainOf(text);
  if (plain.length <= LONGEST) return plain.join('');
  return [...plain.slice(0, LONGEST - SLOT_END - 1), '…', ...plain.slice(-SLOT_END)].join('');
}

type Said = 'manufacturer' | 'product' | 'serialNumber';

/** What a bus learns of a device, as the rest of the program gets to know it; what says nothing is left out. */
export function deviceTexts(
  said: Readonly<Partial<Record<Said, string | null | undefined>>>,
): Pick<UsbDeviceInfo, Said> {
  const [manufacturer, product, serialNumber] = [said.manufacturer, said.product, said.serialNumber].map(
    (text) => deviceText(text ?? ''),
  );
  return {
    ...(manufacturer ? { manufacturer } : {}),
    ...(product ? { product } : {}),
    ...(serialNumber ? { serialNumber } : {}),
  };
}

function plainOf(text: string): string[] {
  // \p{C}: control, format (direction, joiners), surrogates without their other half, private and unassigned.
  return [...text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim()];
}
