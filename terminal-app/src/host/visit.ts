import type { HttpCall } from '@bianmin/purchase/api/http-call';
import { newTraceId, runWithTrace, traceHeaders } from '@bianmin/purchase/node/trace';

/**
 * One trace for all that a person does at the kiosk, from the first press or card until the screen waits again: lines of
 * this log, and those of the server and its worker about the same purchase, share its id.
 */
export class Visit {
  #traceId: string | undefined;

  /** A visit begins: what follows belongs to it. */
  begin(): void {
    this.#traceId ??= newTraceId();
  }

  end(): void {
    this.#traceId = undefined;
  }

  /** Within the visit; what is done between visits has a trace of its own. */
  run<T>(work: () => T): T {
    return runWithTrace(this.#traceId ?? newTraceId(), work);
  }

  /** The same object, whose every method is called within the visit of that moment. */
  within<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (_, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]): unknown =>
          this.run(() => Reflect.apply(member, target, args) as unknown);
      },
    });
  }
}

/** The same HTTP, whose requests say what they are part of. */
export function tracedHttp(http: HttpCall): HttpCall {
  return (request) => http({ ...request, headers: { ...request.headers, ...traceHeaders() } });
}
