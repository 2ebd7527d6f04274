import type { HidTransport, ReaderModel } from '../reader/models.ts';
import { deviceTexts } from '../usb/device-text.ts';
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
  const info: HidDeviceInfo = {
    id: path,
    vendorId,
    productId,
    ...(usagePage === undefined ? {} : { usagePage }),
    ...(usage === undefined ? {} : { usage }),
    ...deviceTexts(device),
  };
  return { info, path, transport };
}
