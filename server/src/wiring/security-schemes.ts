import { BEAT_SCHEME } from '@bianmin/purchase/api/beat-key';
import { ADMIN_COOKIE, CSRF_HEADER } from '../access/cookie.ts';
import { PAYER_COOKIE, PAYER_HEADER } from '../people/residents/sessions.ts';
import type { SecurityScheme } from '../web/openapi.ts';

/** Whatever proves who calls, as the OpenAPI document tells it. */
export const SECURITY_SCHEMES = {
  terminal: {
    type: 'http',
    scheme: 'DPoP',
    description:
      'Access token of POST /v1/terminal/token in `Authorization: DPoP …`, with a proof in the `DPoP` header (RFC 9449).',
  },
  beat: {
    type: 'http',
    scheme: BEAT_SCHEME,
    description:
      'Token of POST /v1/terminal/beat-key in `Authorization: Beat …`, with `Content-Digest`, `Signature-Input` and `Signature` by its key (RFC 9421, RFC 9530).',
  },
  admin: {
    type: 'http',
    scheme: 'bearer',
    description: 'Session token of POST /v1/admin/login.',
  },
  console: {
    type: 'apiKey',
    in: 'cookie',
    name: ADMIN_COOKIE,
    description: `Cookie of POST /v1/admin/login with session "cookie"; changes need its csrf in the header ${CSRF_HEADER}.`,
  },
  payer: {
    type: 'apiKey',
    in: 'cookie',
    name: PAYER_COOKIE,
    description: `Cookie of POST /v1/payer/session; changes need the header ${PAYER_HEADER}: 1 as well.`,
  },
} as const satisfies Readonly<Record<string, SecurityScheme>>;
