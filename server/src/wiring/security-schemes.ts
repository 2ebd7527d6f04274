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
      '`Authorization: Beat TOKEN~CREATED~NONCE~MAC`: the token that came with the key for beats (POST /v1/terminal/enrol), seconds, 128 bits in base64url, and HMAC-SHA-256 in base64url by that key over `POST /v1/terminal/heartbeat`, CREATED, NONCE, each with a line feed, and the body. Kiosks of before send the token alone, with `Content-Digest`, `Signature-Input` and `Signature` (RFC 9421, RFC 9530).',
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
