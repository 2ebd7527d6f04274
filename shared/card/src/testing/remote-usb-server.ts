import { fromHex, toHex } from '../bytes/hex.ts';
import { parseJson } from '../json-text.ts';
import { UsbError } from '../usb/error.ts';
import type { UsbPort } from '../usb/ports.ts';
import { remoteRequest } from '../usb/remote.ts';
import type { RemoteRequest, RemoteResponse } from '../usb/remote.ts';
import { usbError } from './sim-pipes.ts';
import type { SimulatedReader } from './sim-reader.ts';

/** The part of a WebSocket that this needs. */
export interface RemoteSocket {
  send(text: string): void;
  onText(listener: (text: string) => void): void;
  onClose(listener: () => void): void;
}

/** Lends a simulated reader to the program at the other end; a socket that closes is a plug that was pulled. */
export function serveUsbPort(socket: RemoteSocket, reader: Pick<SimulatedReader, 'attach'>): void {
  let port: UsbPort | undefined;
  const answer = async (request: RemoteRequest): Promise<RemoteResponse> => {
    try {
      if (request.op === 'open') {
        port = reader.attach();
        const { id, vendorId, productId, manufacturer = '', product = '' } = port.info;
        const info = { id, vendorId, productId, manufacturer, product };
        return { id: request.id, ok: true, info, ccidDescriptor: toHex(port.ccidDescriptor) };
      }
      if (port === undefined) throw usbError('usb.gone');
      const data = await carryOut(port, request);
      return { id: request.id, ok: true, ...(data === undefined ? {} : { data: toHex(data) }) };
    } catch (error) {
      if (error instanceof UsbError && error.code.startsWith('usb.')) {
        return {
          id: request.id,
          ok: false,
          code: error.code as Extract<RemoteResponse, { ok: false }>['code'],
        };
      }
      return { id: request.id, ok: false, code: 'usb.io' };
    }
  };
  socket.onText((text) => {
    const request = remoteRequest.parse(parseJson(text));
    void answer(request).then((response) => {
      socket.send(JSON.stringify(response));
    });
  });
  socket.onClose(() => {
    void port?.close();
  });
}

async function carryOut(port: UsbPort, request: RemoteRequest): Promise<Uint8Array | undefined> {
  const { data = '', maxLength = 0, timeoutMs = 0, endpoint = 'bulk-in', slot = 0, seq = 0 } = request;
  switch (request.op) {
    case 'bulkOut':
      await port.bulkOut(fromHex(data), timeoutMs);
      return undefined;
    case 'bulkIn':
      return port.bulkIn(maxLength, timeoutMs);
    case 'interruptIn':
      return port.interruptIn(maxLength, timeoutMs);
    case 'controlAbort':
      await port.controlAbort(slot, seq, timeoutMs);
      return undefined;
    case 'clearHalt':
      await port.clearHalt(endpoint);
      return undefined;
    case 'close':
    case 'open':
      await port.close();
      return undefined;
  }
}
