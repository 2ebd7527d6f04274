import { GridError } from './error.ts';
import type { WireErrorCode } from './wire/error.ts';

/** Failures of resolving, connecting, and believing the other end's certificate: no byte of the request was sent. */
const UNSENT_ERRORS = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** The codes of an error and of everything that it was caused by; a refused dual-stack connect is an AggregateError. */
function codesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const own = 'code' in error && typeof error.code === 'string' ? [error.code] : [];
  const parts = error instanceof AggregateError ? error.errors.flatMap(codesOf) : [];
  return [...own, ...parts, ...codesOf(error.cause)];
}

/** What a failure of the network says about the request: `grid.unavailable` if it never left, else `grid.unknown`. */
export function networkError(cause: unknown): GridError {
  const codes = codesOf(cause);
  return codes.length > 0 && codes.every((code) => UNSENT_ERRORS.has(code))
    ? neverLeft(cause)
    : broken(cause);
}

/** No byte of the request was sent. */
export function neverLeft(cause: unknown): GridError {
  return new GridError({
    code: 'grid.unavailable',
    message: 'The grid cannot be reached; nothing was sent. Try again shortly.',
    cause,
    context: { network: codesOf(cause)[0] },
  });
}

/** Something may have been sent, and no answer came. */
export function broken(cause: unknown): GridError {
  const timeout = cause instanceof DOMException && cause.name === 'TimeoutError';
  return new GridError({
    code: 'grid.unknown',
    message: timeout
      ? 'The grid did not answer in time; ask what became of the request.'
      : 'The connection to the grid broke; ask what became of the request.',
    cause,
    context: { network: timeout ? 'timeout' : (codesOf(cause)[0] ?? 'broken') },
  });
}

/** An answer came that proves nothing. */
export function unverifiable(message: string, cause?: unknown): GridError {
  return new GridError({
    code: 'grid.unknown',
    message: `${message} Ask what became of the request.`,
    cause,
    context: { network: 'unverifiable' },
  });
}

/** The grid's word, under its signature, that it did nothing with a message. */
export function notProcessed(fault: WireErrorCode): GridError {
  return new GridError({
    code: 'grid.unavailable',
    message:
      'The grid did not accept our message, and processed nothing. Check clock, agent number and keys.',
    context: { fault },
  });
}

/** A handshake moves nothing: whatever goes wrong in it, the message that waits for it was never sent. */
export function noSession(cause: unknown): GridError {
  return new GridError({
    code: 'grid.unavailable',
    message: 'No session with the grid could be opened; nothing was sent. Check the keys, then the network.',
    cause,
    context: { network: 'handshake' },
  });
}
