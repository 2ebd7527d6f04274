import type { FuzzTarget } from '@bianmin/card/testing/fuzz/fuzz';
import { parseAnswer, parseDevices } from '../../android/bridge.ts';

/** Text as a parser of JSON sees damaged bytes: one character a byte. */
const textOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0) & 0xff);

/** Every parser of what the box's shell says of its readers. */
export const BRIDGE_TARGETS: readonly FuzzTarget[] = [
  {
    parser: 'answer of the box’s bridge',
    seeds: [
      '{"ok":true,"data":"gQAAAAAABwIAAA=="}',
      '{"ok":false,"code":"usb.gone"}',
      '[{"id":"1","vendorId":1839,"productId":37068}]',
    ].map(bytesOf),
    run: (input) => [parseAnswer(textOf(input)), parseDevices(textOf(input))],
  },
];
