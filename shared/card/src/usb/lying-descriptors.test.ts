import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../errors.ts';
import { encodeDescriptor } from '../framing/ccid/descriptor.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { openWebUsbPort } from './web-usb-open.ts';
import type { WebUsbDevice } from './web-usb.ts';

const CCID = encodeDescriptor({
  slots: 1,
  voltages: 7,
  protocols: 3,
  features: 0,
  maxMessage: 271,
  maxIfsd: 254,
});
const INTERFACE = Uint8Array.of(9, 4, 0, 0, 3, 0x0b, 0, 0, 0);
const info = { id: 'x', vendorId: 1, productId: 2 };
type Configuration = NonNullable<WebUsbDevice['configuration']>;
type Endpoint = Configuration['interfaces'][number]['alternate']['endpoints'][number];

const ENDPOINTS: readonly Endpoint[] = [
  { endpointNumber: 1, direction: 'in', type: 'bulk', packetSize: 64 },
  { endpointNumber: 1, direction: 'out', type: 'bulk', packetSize: 64 },
];

/** A device that says this of itself; `open` tells whether somebody has it. */
function device(of: {
  endpoints?: readonly Endpoint[];
  number?: number;
  bytes?: Uint8Array;
  hangs?: boolean;
}) {
  const {
    endpoints = ENDPOINTS,
    number = 0,
    bytes = Uint8Array.of(...INTERFACE, ...CCID),
    hangs = false,
  } = of;
  const state = { open: false, answer: (): void => undefined };
  const made: Partial<WebUsbDevice> = {
    configuration: {
      interfaces: [{ interfaceNumber: number, alternate: { interfaceClass: 0x0b, endpoints } }],
    },
    open: () => {
      state.open = true;
      return Promise.resolve();
    },
    close: () => {
      state.open = false;
      return Promise.resolve();
    },
    claimInterface: () => Promise.resolve(),
    releaseInterface: () => Promise.resolve(),
    controlTransferIn: () => {
      const data = {
        status: 'ok' as const,
        data: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
      };
      if (!hangs) return Promise.resolve(data);
      return new Promise((resolve) => (state.answer = () => resolve(data)));
    },
  };
  return { state, device: made as WebUsbDevice };
}

const opening = async (of: Parameters<typeof device>[0]): Promise<[string | undefined, boolean]> => {
  const { state, device: made } = device(of);
  const clock = new ManualClock();
  const ended = openWebUsbPort({ device: made, info, clock, gone: () => false }).then(
    () => 'opened',
    (error: unknown) => codeOf(error),
  );
  await clock.advance(60_000);
  return [await ended, state.open];
};

describe('a device whose descriptors lie', () => {
  it('opens where they do not', async () => {
    expect(await opening({})).toEqual(['opened', true]);
  });

  it.each([
    ['no endpoint', { endpoints: [] }],
    ['one bulk endpoint alone', { endpoints: ENDPOINTS.slice(0, 1) }],
    ['interface 255, of which its own descriptors do not speak', { number: 255 }],
    ['a configuration of no byte', { bytes: new Uint8Array() }],
    ['descriptors of length 0', { bytes: new Uint8Array(512) }],
    ['a class descriptor that is cut short', { bytes: Uint8Array.of(...INTERFACE, ...CCID.subarray(0, 3)) }],
    [
      'a class descriptor that says another length',
      { bytes: Uint8Array.of(...INTERFACE, 53, ...CCID.subarray(1)) },
    ],
  ])('has %s: it is left alone, with what to do', async (_what, of) => {
    expect(await opening(of)).toEqual(['usb.io', false]);
  });

  it('says anything: it is opened, or left alone with a code', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 512 }), fc.nat(255), async (bytes, number) => {
        const [code, open] = await opening({ bytes, number });
        expect([code, open]).toEqual(open ? ['opened', true] : ['usb.io', false]);
      }),
    );
  });

  it('does not answer at all: it is given up, and let go of when it answers after all', async () => {
    const { state, device: made } = device({ hangs: true });
    const clock = new ManualClock();
    const ended = openWebUsbPort({ device: made, info, clock, gone: () => false }).catch(codeOf);
    await clock.advance(9_999);
    expect(state.open).toBe(true);
    await clock.advance(1);
    expect(await ended).toBe('usb.timeout');
    state.answer();
    await clock.advance(2_000);
    expect(state.open).toBe(false);
  });
});
