import { IpcError } from './error.ts';
import type { Router } from './router.ts';
import type { WireMessage } from './wire.ts';

/** A call's answer as it goes over any wire: the response, or a code and a sentence that tell nothing of the inside. */
export async function answerFrom(
  router: Router,
  frame: { readonly id: number; readonly call: string; readonly request: unknown },
): Promise<WireMessage> {
  const { id } = frame;
  try {
    return { id, ok: true, response: await router(frame.call, frame.request) };
  } catch (error) {
    const known = error instanceof IpcError;
    const message = known ? error.message : 'The host could not do this; its log says why.';
    return { id, ok: false, code: known ? error.code : 'ipc.failed', message };
  }
}
