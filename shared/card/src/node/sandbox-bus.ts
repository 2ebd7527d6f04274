import { WebSocket } from 'ws';
import { fromHex, toHex } from '../bytes/hex.ts';
import { parseJson } from '../json-text.ts';
import { Listeners } from '../reader/listeners.ts';
import { deviceTexts } from '../usb/device-text.ts';
import { UsbError } from '../usb/error.ts';
import type { UsbBus, UsbDeviceInfo, UsbPort } from '../usb/ports.ts';
import { remoteResponse } from '../usb/remote.ts';
import type { RemoteRequest, RemoteResponse } from '../usb/remote.ts';

const RETRY_MS = 500;
const DEVICE: UsbDeviceInfo = { id: 'sandbox', vendorId: 0x072f, productId: 0x90cc, product: 'ACR38U-CCID' };

/**
 * The bus that the sandbox's reader is on: `ws://…/world/readers/NAME/usb`. When the sandbox goes away the reader
 * is unplugged; when it is back, plugged in again. Resolves once the first try has succeeded or failed.
 */
export async function connectSandboxBus(url: string): Promise<UsbBus> {
  const listeners = new Listeners<UsbDeviceInfo[]>();
  let socket: WebSocket | undefined;
  let closed = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  const devices = (): UsbDeviceInfo[] => (socket === undefined ? [] : [DEVICE]);

  const connect = (): Promise<void> =>
    new Promise((resolve) => {
      const opening = new WebSocket(url);
      opening.on('open', () => {
        socket = opening;
        listeners.emit(devices());
        resolve();
      });
      opening.on('error', () => {
        resolve();
      });
      opening.on('close', () => {
        resolve();
        const was = socket === opening;
        if (was) socket = undefined;
        if (closed) return;
        if (was) listeners.emit(devices());
        retry = setTimeout(() => void connect(), RETRY_MS);
      });
    });

  await connect();
  return {
    list: () => Promise.resolve(devices()),
    open: async () => {
      if (socket === undefined) throw gone();
      return openRemotePort(socket);
    },
    onChange: (listener) => listeners.add(listener),
    close: () => {
      closed = true;
      clearTimeout(retry);
      listeners.clear();
      socket?.close();
      return Promise.resolve();
    },
  };
}

/** Of one socket's messages each must know its own, also those of a port that is closed already. */
let nextId = 1;

async function openRemotePort(socket: WebSocket): Promise<UsbPort> {
  const waiting = new Map<number, (response: RemoteResponse) => void>();
  let closed = false;
  const onMessage = (message: Buffer): void => {
    const response = remoteResponse.parse(parseJson(message.toString('utf8')));
    waiting.get(response.id)?.(response);
    waiting.delete(response.id);
    leave();
  };
  const onClose = (): void => {
    for (const [id, settle] of waiting) settle({ id, ok: false, code: 'usb.gone' });
    waiting.clear();
  };
  /** The socket lives on, and is opened again and again. A transfer that was under way is still answered. */
  const leave = (): void => {
    if (closed && waiting.size === 0) socket.off('message', onMessage).off('close', onClose);
  };
  socket.on('message', onMessage).on('close', onClose);
  const ask = async (request: Omit<RemoteRequest, 'id'>): Promise<Extract<RemoteResponse, { ok: true }>> => {
    if (socket.readyState !== WebSocket.OPEN) throw gone();
    const id = nextId++;
    const response = await new Promise<RemoteResponse>((resolve) => {
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, ...request }));
    });
    if (response.ok) return response;
    throw new UsbError({
      code: response.code,
      message: 'The sandbox reader did not carry that out; look at its page.',
    });
  };
  const bytes = async (request: Omit<RemoteRequest, 'id'>): Promise<Uint8Array> =>
    fromHex((await ask(request)).data ?? '');
  const opened = await ask({ op: 'open' });
  return {
    info: opened.info === undefined ? DEVICE : { ...opened.info, ...deviceTexts(opened.info) },
    ccidDescriptor: fromHex(opened.ccidDescriptor ?? ''),
    bulkOut: async (data, timeoutMs) => void (await ask({ op: 'bulkOut', data: toHex(data), timeoutMs })),
    bulkIn: (maxLength, timeoutMs) => bytes({ op: 'bulkIn', maxLength, timeoutMs }),
    interruptIn: (maxLength, timeoutMs) => bytes({ op: 'interruptIn', maxLength, timeoutMs }),
    controlAbort: async (slot, seq, timeoutMs) =>
      void (await ask({ op: 'controlAbort', slot, seq, timeoutMs })),
    clearHalt: async (endpoint) => void (await ask({ op: 'clearHalt', endpoint })),
    close: async () => {
      await ask({ op: 'close' }).catch(() => undefined);
      closed = true;
      leave();
    },
  };
}

function gone(): UsbError {
  return new UsbError({ code: 'usb.gone', message: 'The sandbox is not there; start it again.' });
}
