import type { HidTransport, ReaderModel } from '../reader/models.ts';
import { deviceText } from '../usb/device-text.ts';
import type { HidDeviceInfo } from '../usb/ports.ts';
import type { NodeHidInfo } from './hid-device.ts';

export interface Attached {
  readonly info: HidDeviceInfo;
  readonly path: string;
  readonly transport: HidTransport;
}

/** A device of the table, and the collection of it that carries the reports. */
export function readerOf(device: NodeHidInfo, models: readonly ReaderModel[]): Attached | undefined {
  const { path, vendorId, productId, usagePage, usage } = device;
  const transport = models.find((model) => model.vendorId === vendorId && model.productId === productId)?.hid;
  if (path === undefined || transport === undefined) return undefined;
  // Not every platform says the usage; the numbers alone have to do there.
  if (usagePage !== undefined && usagePage !== 0 && usagePage !== transport.usagePage) return undefined;
  if (usage !== undefined && usage !== 0 && usage !== transport.usage) return undefined;
  const said = [device.manufacturer, device.product, device.serialNumber];
  const [manufacturer, product, serialNumber] = said.map((text) => deviceText(text ?? ''));
  const info: HidDeviceInfo = {
    id: path,
    vendorId,
    productId,
    ...(usagePage === undefined ? {} : { usagePage }),
    ...(usage === undefined ? {} : { usage }),
    ...(manufacturer ? { manufacturer } : {}),
    ...(product ? { product } : {}),
    ...(serialNumber ? { serialNumber } : {}),
  };
  return { info, path, transport };
}
