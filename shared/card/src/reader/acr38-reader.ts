import type { Clock } from '../clock.ts';
import type { UsbPort } from '../usb/ports.ts';
import { ACR38_DESCRIPTOR, Acr38Port } from './acr38-port.ts';
import { openCcidReader } from './ccid-reader.ts';
import type { CcidReader } from './ccid-reader.ts';
import { modelOf } from './models.ts';

/** The old ACR38 on its vendor-class port: one slot, which is an ordinary `CardSlot`. Takes the port over. */
export function openAcr38Reader(port: UsbPort, clock: Clock): CcidReader {
  return openCcidReader(new Acr38Port(port, clock), clock);
}

/** What a bus shows for a model that has no class descriptor on its USB interface; undefined for one that has. */
export function descriptorOfModel(info: { vendorId: number; productId: number }): Uint8Array | undefined {
  return modelOf(info).transport === 'acr38' ? ACR38_DESCRIPTOR : undefined;
}
