import type { HostCall, HostEvent } from './map.ts';

/** Messages of the typed map on a WebSocket, JSON text, one object a frame. */
export interface WireCall {
  readonly id: number;
  readonly call: HostCall;
  readonly request: unknown;
}

export type WireMessage =
  | { readonly id: number; readonly ok: true; readonly response: unknown }
  | { readonly id: number; readonly ok: false; readonly code: string; readonly message: string }
  | { readonly event: HostEvent; readonly payload: unknown };

/** Where the shell listens, on the page's own origin. */
export const WIRE_PATH = '/ipc';
