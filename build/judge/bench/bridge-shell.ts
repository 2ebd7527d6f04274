import { parentPort } from 'node:worker_threads';
import { SimulatedBus } from '@bianmin/card/testing/sim-bus';
import { UsbModel } from '../../../stb-app/double/usb-model.ts';
import { benchReader } from './bridge-reader.ts';

/** The box's side of the bridge, on a thread of its own as in Java: text comes in, text goes out. */
export interface BridgeCall {
  readonly id: string;
  readonly request: string;
}
/** `changed` has one argument, `answer` two. */
export interface BridgeTold {
  readonly call: 'answer' | 'changed';
  readonly args: readonly string[];
}

const bus = new SimulatedBus();
bus.plug(benchReader());
const usb = new UsbModel(bus);
const tell =
  (call: BridgeTold['call']) =>
  (...args: string[]): void =>
    parentPort?.postMessage({ call, args } satisfies BridgeTold);
usb.page = { answer: tell('answer'), changed: tell('changed') };
parentPort?.on('message', ({ id, request }: BridgeCall) => {
  usb.call(id, request);
});
